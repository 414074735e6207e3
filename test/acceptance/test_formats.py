"""What leaves a run is read by others: OpenTelemetry's schema, HdrHistogram for Python, Prometheus's parser."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from prometheus_client.parser import text_string_to_metric_families

from bridge_process import find_node

PROGRAM = Path(__file__).with_name("formats-run.ts")

pytestmark = pytest.mark.bridge


class Exported:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        said = subprocess.run(
            [find_node(os.environ), str(PROGRAM), str(folder)], stdout=subprocess.PIPE, timeout=60, check=True
        ).stdout
        self.said = json.loads(said)

    def messages(self, signal: str, kind):
        for file in sorted(self.folder.glob(f"{signal}-*.bin")):
            message = kind()
            message.ParseFromString(file.read_bytes())
            whole = message.ByteSize()
            message.DiscardUnknownFields()
            assert message.ByteSize() == whole, "a field that the schema does not know"
            yield message


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return Exported(tmp_path_factory.mktemp("formats"))


def attributes(holder):
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in holder.attributes}


def test_a_collector_gets_cumulative_histograms_with_every_call_once(exported):
    *_, last = exported.messages("metrics", ExportMetricsServiceRequest)
    (resource,) = last.resource_metrics
    assert attributes(resource.resource)["service.name"] == "swarmbridge"
    metrics = {metric.name: metric for scope in resource.scope_metrics for metric in scope.metrics}
    durations = metrics["mcp.client.operation.duration"]
    assert durations.unit == "s"
    assert durations.histogram.aggregation_temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
    counts = {}
    for point in durations.histogram.data_points:
        assert point.count == sum(point.bucket_counts)
        assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
        assert 0 < point.start_time_unix_nano < point.time_unix_nano
        told = attributes(point)
        counts[told["mcp.method.name"], told.get("gen_ai.tool.name"), told.get("error.type")] = point.count
    assert counts == {
        ("initialize", None, None): 1,
        ("tools/call", "quick", None): 1,
        ("tools/call", "slow", None): 1,
        ("tools/call", "faulty", "_OTHER"): 1,
        ("session/delete", None, None): 1,
    }
    operations = metrics["swarmbridge.operations"].sum
    assert operations.is_monotonic
    errors = {attributes(point).get("error.type"): point.as_double for point in operations.data_points}
    assert errors["tool_error"] == 1
    assert exported.said["faults"] == []


def test_a_slow_and_a_failed_call_are_spans_under_the_ids_that_the_server_was_sent(exported):
    spans = [
        span
        for message in exported.messages("traces", ExportTraceServiceRequest)
        for resource in message.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    calls = {span.name: span for span in spans if span.kind == Span.SPAN_KIND_CLIENT and "tools/call" in span.name}
    assert set(calls) == {"tools/call slow", "tools/call faulty"}
    for tool in ("slow", "faulty"):
        call = calls[f"tools/call {tool}"]
        _, trace, span, flags = exported.said["traceparents"][tool].split("-")
        assert (call.trace_id.hex(), call.span_id.hex(), flags) == (trace, span, "01")
        assert call.parent_span_id == b""
        assert attributes(call)["gen_ai.tool.name"] == tool
        phases = [one for one in spans if one.parent_span_id == call.span_id]
        assert [phase.name for phase in phases] == ["connect", "headers", "first event", "rest of the answer"]
        assert {phase.trace_id for phase in phases} == {call.trace_id}
        edges = [phases[0].start_time_unix_nano, *(phase.end_time_unix_nano for phase in phases)]
        assert edges == sorted(edges)
        assert edges[0] == call.start_time_unix_nano and edges[-1] == call.end_time_unix_nano
    slow, faulty = calls["tools/call slow"], calls["tools/call faulty"]
    assert slow.end_time_unix_nano - slow.start_time_unix_nano >= exported.said["slowMs"] * 1_000_000
    assert slow.status.code == Status.STATUS_CODE_UNSET
    assert (faulty.status.code, faulty.status.message) == (Status.STATUS_CODE_ERROR, "no, [redacted]")
    assert attributes(faulty)["error.type"] == "tool_error"


def test_the_latency_log_is_read_by_another_implementation(exported):
    sum_ = HdrHistogram(1, 3_600_000_000, 3)
    reader = HistogramLogReader(str(exported.folder / "run.hlog"), sum_)
    by_tag = {}
    while True:
        interval = reader.get_next_interval_histogram()
        if interval is None:
            break
        by_tag.setdefault(interval.tag, HdrHistogram(1, 3_600_000_000, 3)).add(interval)
    for name, record in exported.said["operations"].items():
        for outcome, each in record["outcomes"].items():
            times = by_tag[f"{name};{outcome};service"]
            assert times.total_count == each["times"]["service"]["count"]
            assert times.get_value_at_percentile(50) / 1000 == pytest.approx(
                each["times"]["service"]["p50Ms"], rel=1e-3
            )
    assert not [tag for tag in by_tag if tag.endswith("moved")]


def test_the_prometheus_file_is_what_its_parser_and_its_naming_rules_want(exported):
    text = (exported.folder / "run.prom").read_text()
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert text.endswith("\n")
    for family in families.values():
        assert family.documentation and family.type != "unknown"
        assert not family.name.endswith(("_ms", "_milliseconds", "_total"))
        names = {sample.name for sample in family.samples}
        if family.type == "counter":
            assert names == {f"{family.name}_total"}
        assert len({(one.name, *sorted(one.labels.items())) for one in family.samples}) == len(family.samples)
    service = families["swarmbridge_service_seconds"]
    assert service.type == "histogram"
    ends = {
        (one.labels["name"], one.labels["result"]): one.value
        for one in service.samples
        if one.name.endswith("_bucket") and one.labels["le"] == "+Inf"
    }
    for name, record in exported.said["operations"].items():
        failed = record["failures"]
        assert ends.get((name, "ok"), 0) == record["count"] - failed
        assert ends.get((name, "failed"), 0) == failed

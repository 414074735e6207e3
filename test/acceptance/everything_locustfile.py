"""
Users of the official reference server, who use everything that it has for a client of today. What they leave out, and
why (version 2026.8.31 of the server):

* ``simulate-research-query``: only as a task (``taskSupport: "required"``), an experimental part of 2025-11-25 that
  its successor does not have;
* ``trigger-sampling-request-async``, ``trigger-elicitation-request-async``: offered only to clients that run tasks;
* ``trigger-url-elicitation``: offered only to clients that can show a URL to a person;
* ``gzip-file-as-resource``: fetches from other people's servers.

And the server asks for the roots once in a session, on the GET stream, 350 ms after `initialized`. Whoever calls
``get-roots-list`` before that stream is there waits for ever: the server has asked nobody. So the users call it later.
"""

import time

from locust import between, task

from mcp_user import McpUser

ROOTS_ASKED_AFTER_S = 1.0
RESOURCE = "demo://resource/dynamic/text/1"


class EverythingUser(McpUser):
    server = "everything"
    wait_time = between(0.2, 0.6)

    def on_start(self):
        tools = {tool["name"] for tool in self.client.list_tools()}
        self.expect(
            {"trigger-sampling-request", "trigger-elicitation-request", "get-roots-list"} <= tools, "a tool is missing"
        )
        self.began = time.monotonic()

    @task(3)
    def echo(self):
        self.client.call_tool("echo", {"message": "grüß dich 🌍"}, expect="Echo: grüß dich 🌍")

    @task(3)
    def add(self):
        self.client.call_tool("get-sum", {"a": 17, "b": 25.5}, expect="is 42.5")

    @task(2)
    def ask_for_the_weather(self):
        weather = self.client.call_tool("get-structured-content", {"location": "Chicago"})
        self.expect((weather.structured or {}).get("conditions") == "Light rain / drizzle", "another weather")

    @task
    def look_at_other_content(self):
        image = self.client.call_tool("get-tiny-image").raw["content"]
        self.expect(any(part["type"] == "image" for part in image), "no image")
        self.client.call_tool("get-annotated-message", {"messageType": "error", "includeImage": True})
        self.client.call_tool("get-resource-links", {"count": 3})
        self.client.call_tool("get-resource-reference", {"resourceType": "Text", "resourceId": 7})

    @task
    def wait_for_progress(self):
        arguments = {"duration": 1, "steps": 10}
        self.client.call_tool("trigger-long-running-operation", arguments, progress=True, expect="Steps: 10")

    @task
    def hash_an_answer(self):
        digest = self.client.call_tool("echo", {"message": "x" * 1000}, keep="hash").digest
        self.expect(digest and digest.first_type == "text" and digest.first_bytes == 1006, "another digest")

    @task
    def subscribe(self):
        self.client.subscribe(RESOURCE)
        self.client.set_level("debug")
        self.client.unsubscribe(RESOURCE)

    @task(2)
    def be_asked_for_a_sample(self):
        arguments = {"prompt": "Say it.", "maxTokens": 10}
        self.client.call_tool("trigger-sampling-request", arguments, expect="the scripted sample")

    @task(2)
    def be_asked_to_fill_in_a_form(self):
        self.client.call_tool("trigger-elicitation-request", expect="It was a dark and stormy night.")

    @task
    def show_the_roots(self):
        if time.monotonic() - self.began > ROOTS_ASKED_AFTER_S:
            self.client.call_tool("get-roots-list", expect="file:///acceptance")

    @task(2)
    def read_resources(self):
        found = self.client.list_resources()
        document = self.client.read_resource(found[0]["uri"])
        self.expect(document.raw["contents"][0]["text"], "an empty document")
        self.client.list_resource_templates()
        self.client.read_resource("demo://resource/dynamic/text/42", expect=lambda one: "Resource 42" in str(one.raw))
        self.client.read_resource("demo://resource/dynamic/blob/42", expect=lambda one: one.raw["contents"][0]["blob"])

    @task(2)
    def use_prompts(self):
        self.expect(len(self.client.list_prompts()) == 4, "not four prompts")
        self.client.get_prompt("simple-prompt")
        self.client.get_prompt("args-prompt", {"city": "Oslo"}, expect=lambda one: "Oslo" in str(one.raw))
        self.client.get_prompt("resource-prompt", {"resourceType": "Text", "resourceId": "3"})

    @task
    def complete(self):
        ref = {"type": "ref/prompt", "name": "completable-prompt"}
        self.expect(self.client.complete(ref, "department", "S") == ["Sales", "Support"], "another completion")
        template = {"type": "ref/resource", "uri": "demo://resource/dynamic/text/{resourceId}"}
        self.expect(self.client.complete(template, "resourceId", "12") == ["12"], "another completion")

    @task
    def ping(self):
        self.client.ping(read=False)

    @task
    def be_sent_logs_and_updates(self):
        """Both come on the GET stream from now on, until they are switched off."""
        self.client.call_tool("toggle-simulated-logging", read=False)
        self.client.call_tool("toggle-subscriber-updates", read=False)

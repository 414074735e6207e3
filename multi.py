"""All servers of loadtest.yaml in one run, by its weights: ``locust -f multi.py``."""

import sys
from pathlib import Path

# In the repository the classes lie in a folder of their own; on an Azure engine everything lies beside this file.
sys.path.insert(0, str(Path(__file__).resolve().parent / "locustfiles"))

from any_server import AnyServerUser  # noqa: E402
from azure_devops import AzureDevOpsUser  # noqa: E402
from context7 import Context7User  # noqa: E402
from github import GitHubUser  # noqa: E402
from learn import LearnUser  # noqa: E402
from traffic_user import TrafficUser  # noqa: E402

__all__ = ["AnyServerUser", "AzureDevOpsUser", "Context7User", "GitHubUser", "LearnUser", "TrafficUser"]

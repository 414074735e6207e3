"""What loadtest.yaml says, and nothing else: ``locust -f locustfiles/from_yaml.py``. docs/traffic.md."""

from traffic_user import TrafficUser

__all__ = ["TrafficUser"]

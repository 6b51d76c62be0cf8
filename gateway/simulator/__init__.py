"""A stand-in for Africa's Talking, for the demo and the tests: phones on a web page, an SMS server, delivery reports.

It knows the gateway by HTTP alone and imports nothing of it.
"""

from gateway.simulator.pages import blueprint

__all__ = ["blueprint"]

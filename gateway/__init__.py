"""The Ehsaas gateway: menus over USSD and SMS for people with feature phones."""

__version__ = "0.1.0"

"""What is masked on a caller's page, and for what it may be asked to be shown."""

from gateway.console.words import mark

FIELDS = {
    "name": mark("Name"),
    "cnic": mark("CNIC"),
    "phone": mark("Phones"),
    "address": mark("Address"),
}
REASONS = {
    "identity": mark("to be sure who she is"),
    "call_back": mark("to call her back"),
    "record": mark("to set a record right"),
    "fraud": mark("a case of fraud"),
    "authority": mark("asked by court or Ombudsman"),
}

"""What staff and other systems may have sent: texts of menus/sms.yaml that say the same to everybody, and no others.

They name no person, no amount and no answer, so that a wrong phone learns nothing.
"""

SENDABLE = ("help", "details_how", "private_unlinked")

"""What can be done with complaints and appeals: one transaction each."""

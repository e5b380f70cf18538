"""Facts the detectors go by: default credentials, public suffixes, organisations and kinds."""

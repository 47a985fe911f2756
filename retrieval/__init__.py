"""Search: from a question to ranked evidence, on an index that is a snapshot."""

import os

# ONNX Runtime reads it as it is imported, by us or by a library; it would look up its maker's host.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

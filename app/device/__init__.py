"""What the platform gives (storage, photos, tab lock, network hints), injected as one `Platform`."""

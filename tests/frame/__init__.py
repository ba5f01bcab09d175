"""The frame: layers, locks, bootstrap, the built web app and its service worker."""

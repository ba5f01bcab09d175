"""The sync server: takes what tablets push, tells them what changed, and serves inside sales its inbox."""

"""What the technician sees. Screens draw what `app.state` says and call what it offers."""

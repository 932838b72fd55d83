"""Who may do what: users, roles by area, sessions, keys, the audit log."""

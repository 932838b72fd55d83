"""What happened: plays, views, grants, scans, store clicks, and the counts made of them.

Facts are kept with opaque references and the names as they were; nothing here points upward,
so history outlives whatever it is about.
"""

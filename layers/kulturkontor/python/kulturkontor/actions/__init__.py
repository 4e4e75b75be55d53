"""What the office does. Each action takes the time and the repositories it needs, calls rules, and
writes once.
"""

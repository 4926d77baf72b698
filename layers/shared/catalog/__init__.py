"""What an account has, for a person who writes subscriptions: lists, programs, campaigns, data fields, and itself.

Also the lists that audiences go to, found by name or made. Knows Dotdigital and Segment's shapes for pickers and
audiences; nothing of Lambda.
"""

"""What payload models are made of: the kinds of fields, with the checks that Dotdigital's side needs."""

"""What runs the project on one machine: the Dotdigital sandbox, the local cloud, the generated files."""

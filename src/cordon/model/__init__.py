"""The facts that stages share, and the schemas of the traffic tables. Imports nothing else of Cordon."""

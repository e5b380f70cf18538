"""What is said above UDP and TCP: messages of the protocols the simulated devices speak."""

"""What is normal: learned an hour at a time from what each device does, summed over its kin, told as facts."""

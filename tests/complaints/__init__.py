"""What users of comparable systems complain of, each as a test: real notebook, real server, through what people use."""

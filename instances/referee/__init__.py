"""The referee's bench: a plan judged anew, from the problem alone and by no code of the model."""

"""The embedded default: the deployed system on an emulator of AWS, on this machine only."""

"""Words to other servers that a job is over: signed, to listed hosts, until one has arrived."""

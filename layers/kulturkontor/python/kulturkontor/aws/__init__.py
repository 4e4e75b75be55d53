"""The only boto3: the table, buckets, queues, mailer, secret and clock that actions are handed."""

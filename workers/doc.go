// Package workers runs workflows and activities on their task queues, and the two loops that are no workflow: the relay, which
// brings outbox rows to their processes, and the sweeper, which pokes processes that are late.
package workers

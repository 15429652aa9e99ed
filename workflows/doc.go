// Package workflows holds the processes: decisions, timers, messages. One file a process. They are level-triggered: a run
// reads its row, does what models decides from that row alone, and waits for its time, a command or the signal to look again;
// no step hangs on having seen a message, so a run can be started anew from its row at any moment.
package workflows

package pgbackrest

import "syscall"

// dieWithParent has the kernel end the child when the thread that started it does: nothing works on for a worker that was killed.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }

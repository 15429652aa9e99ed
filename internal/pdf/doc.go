// Package pdf sets documents that go to people outside: purchase orders, and the evidence of restore drills.
package pdf

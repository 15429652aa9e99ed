// Package pdf sets documents that go on paper or to people outside: purchase orders, work orders, and the evidence of restore drills.
package pdf

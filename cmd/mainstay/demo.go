package main

type demoCommand struct {
	Crash   demoCrashCommand   `cmd:"" help:"Kill everything while 2,000 work orders are generated, and count."`
	Load    demoLoadCommand    `cmd:"" help:"Load the demo company."`
	Scanner demoScannerCommand `cmd:"" help:"Let a link scanner loose on an approval mail, then a person, and count."`
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"mainstay/internal/auth"
	"mainstay/internal/config"
	"mainstay/internal/stack"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

type demoScannerCommand struct {
	Within time.Duration `default:"5m" help:"Give up after this long."`
	Output string        `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (demoScannerCommand) Help() string {
	return "Makes a company of its own in which costly work orders need an approval, and waits for a real approval mail. A robot does " +
		"what link scanners of mail gateways do: it opens every link by GET, HEAD and prefetch and posts every form it finds. Nothing may " +
		"be decided by that. Then one person presses a button: the order is approved, and Temporal's history holds the signal. Then a " +
		"second order is changed after its mail went out: its approval is void and shows the difference. It prints what came of it and " +
		"exits 1 when anything is otherwise. It uses the stack that runs on MAINSTAY_DATA_DIR, else one of its own on free ports."
}

// Run shows it and prints the table.
func (c *demoScannerCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.Within)
	defer cancel()
	dataDir, stop, err := runningStack(ctx)
	if err != nil {
		return err
	}
	defer stop()
	show, closeShow, err := openScannerShow(ctx, dataDir)
	if err != nil {
		return err
	}
	defer closeShow()
	cells, err := show.run(ctx)
	if err != nil {
		return err
	}
	return cells.print(c.Output, "a mail's link did what it must not, or did not do what it must")
}

// scannerShow is one run of the show, on a running installation.
type scannerShow struct {
	url      string // of the API and the page
	mailURL  string // where caught mail is read
	keys     *auth.Keys
	store    *store.Store
	temporal client.Client

	tenant, asset          uuid.UUID
	adminAPI, requesterAPI remote
	approverAddress        string
	table                  showTable
}

func openScannerShow(ctx context.Context, dataDir string) (*scannerShow, func(), error) {
	settings, err := stack.Running(dataDir)
	if err != nil {
		return nil, nil, &exitError{exitDependency, err}
	}
	cfg, err := config.Load(func(name string) (string, bool) { // addresses are the environment's, as they were for the stack
		if value, ok := settings[name]; ok {
			return value, ok
		}
		return os.LookupEnv(name)
	})
	if err != nil {
		return nil, nil, &exitError{exitUsage, err}
	}
	keys, err := auth.NewKeys(cfg.AuthKey)
	if err != nil {
		return nil, nil, &exitError{exitUsage, err}
	}
	s, err := store.Open(ctx, store.Options{URL: cfg.DatabaseURL.Reveal(), MaxConns: 2})
	if err != nil {
		return nil, nil, &exitError{exitDependency, err}
	}
	options, err := temporalOptions(cfg, nil)
	if err != nil {
		return nil, nil, err
	}
	options.Logger = silent{}
	temporal, err := client.NewLazyClient(options)
	if err != nil {
		return nil, nil, &exitError{exitDependency, err}
	}
	show := &scannerShow{url: "http://" + cfg.HTTPAddr, mailURL: "http://" + cfg.MailUIAddr, keys: keys, store: s, temporal: temporal}
	return show, func() { temporal.Close(); _ = s.Close() }, nil
}

// run makes the company and plays the three acts.
func (s *scannerShow) run(ctx context.Context) (showTable, error) {
	if err := s.plant(ctx); err != nil {
		return nil, err
	}
	for _, act := range []func(context.Context) error{s.robotAct, s.voidAct} {
		if err := act(ctx); err != nil {
			return nil, err
		}
	}
	return s.table, nil
}

// plant makes a tenant with one asset, who asks and who approves, and the policy between them.
func (s *scannerShow) plant(ctx context.Context) error {
	p := newShowPlant("scan", "Scanner show", "Europe/Berlin")
	s.tenant, s.asset = p.tenant, p.asset
	s.approverAddress = "approver@" + p.mark + ".example"
	admin, requester := models.NewID(), models.NewID()
	tables := slices.Concat(p.tables, []store.DemoTable{{Table: "users", Rows: []demoRow{
		p.person(admin, "Ada Admin", models.RoleAdmin), p.person(requester, "Paul Planner", models.RolePlanner),
		p.person(models.NewID(), "Helena Voss", models.RoleApprover),
	}}})
	if _, err := s.store.LoadDemo(models.WithActor(ctx, models.SystemActor(s.tenant)), tables, nil); err != nil {
		return err
	}
	adminToken, err := p.token(s.keys, admin, models.RoleAdmin)
	if err != nil {
		return err
	}
	requesterToken, err := p.token(s.keys, requester, models.RolePlanner)
	if err != nil {
		return err
	}
	s.adminAPI, s.requesterAPI = remote{URL: s.url, Token: adminToken}, remote{URL: s.url, Token: requesterToken}
	return s.adminAPI.call(ctx, http.MethodPost, "/v1/approval-policies", map[string]any{
		"subject": "work_order", "name": "Costly work", "rules": []any{map[string]any{
			"min_amount": money("2500.00"), "levels": []any{map[string]any{"mode": "any", "roles": []string{"approver"}}},
		}},
	}, &struct{}{})
}

func money(amount string) map[string]any { return map[string]any{"amount": amount, "currency": "EUR"} }

type showOrder struct {
	ID         string `json:"id"`
	Number     string `json:"number"`
	Status     string `json:"status"`
	ApprovalID string `json:"approval_id"`
	Version    int    `json:"version"`
}

type showApproval struct {
	Status     string `json:"status"`
	Difference []struct {
		Label  string `json:"label"`
		Before string `json:"before"`
		After  string `json:"after"`
	} `json:"difference"`
	Route []struct {
		Steps []struct {
			Channel string `json:"channel"`
		} `json:"steps"`
	} `json:"route"`
}

// submit creates an order that costs enough to wait for an approval, and returns it with its mail.
func (s *scannerShow) submit(ctx context.Context, title string) (showOrder, caughtMail, error) {
	var order showOrder
	if err := s.requesterAPI.call(ctx, http.MethodPost, "/v1/work-orders", map[string]any{
		"title": title, "description": "Liners are worn.", "asset_id": s.asset, "type": "corrective", "priority": "high", "estimated_cost": money("18640.00"),
	}, &order); err != nil {
		return order, caughtMail{}, err
	}
	mail, err := waitForMail(ctx, s.mailURL, s.approverAddress, order.Number)
	return order, mail, err
}

func (s *scannerShow) approval(ctx context.Context, id string) (showApproval, error) {
	var a showApproval
	err := s.adminAPI.call(ctx, http.MethodGet, "/v1/approvals/"+id, nil, &a)
	// An administrator reads all of the tenant's.
	return a, err
}

// robotAct: a scanner goes over the mail and decides nothing; then a person presses a button.
func (s *scannerShow) robotAct(ctx context.Context) error {
	order, mail, err := s.submit(ctx, "Liner set for CR-301")
	if err != nil {
		return err
	}
	s.table.note("order "+order.Number+", 18,640.00 EUR", order.Status, "waiting_approval")
	robot := robot{base: s.url, client: &http.Client{Timeout: time.Minute}}
	seen, err := robot.scan(ctx, mail)
	if err != nil {
		return err
	}
	s.table.note("the robot found links in the mail", seen.links > 0, true)
	s.table.note("the robot found forms on their pages", seen.forms > 0, true)
	a, err := s.approval(ctx, order.ApprovalID)
	if err != nil {
		return err
	}
	s.table.note(fmt.Sprintf("approval after %d requests, %d of them posted forms", seen.requests, seen.posts), a.Status, "open")
	signals, err := s.decisions(ctx, order.ApprovalID)
	if err != nil {
		return err
	}
	s.table.note("decisions that the robot made", signals, 0)

	if _, err := robot.press(ctx, mail, "approve"); err != nil {
		return err
	}
	if a, err = s.approval(ctx, order.ApprovalID); err != nil {
		return err
	}
	s.table.note("approval after one person's click", a.Status, "approved")
	return s.witness(ctx, order)
}

// witness waits until Temporal's history and the order tell of the decision.
func (s *scannerShow) witness(ctx context.Context, order showOrder) error {
	var signals int
	var is showOrder
	for range 300 {
		var err error
		if signals, err = s.decisions(ctx, order.ApprovalID); err != nil {
			return err
		}
		if err := s.requesterAPI.call(ctx, http.MethodGet, "/v1/work-orders/"+order.ID, nil, &is); err != nil {
			return err
		}
		if signals > 0 && is.Status != order.Status {
			break
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
	s.table.note(fmt.Sprintf("the signal «decision» stands in the history of approval/%s", order.ApprovalID), signals > 0, true)
	s.table.note("order "+order.Number+" follows by itself", is.Status, "approved")
	return nil
}

// decisions counts the signals of that name in the history of an approval's workflow.
func (s *scannerShow) decisions(ctx context.Context, approval string) (int, error) {
	id, err := uuid.Parse(approval)
	if err != nil {
		return 0, err
	}
	found := 0
	events := s.temporal.GetWorkflowHistory(ctx, workflows.WorkflowID(models.ProcessApproval, s.tenant, id), "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if _, none := errors.AsType[*serviceerror.NotFound](err); none {
			return 0, nil // the process has not begun yet
		}
		if err != nil {
			return 0, &exitError{exitDependency, fmt.Errorf("read Temporal's history: %w", err)}
		}
		if signal := event.GetWorkflowExecutionSignaledEventAttributes(); signal.GetSignalName() == "decision" {
			found++
		}
	}
	return found, nil
}

// voidAct: a second order is changed after its mail went out. The link decides nothing any more, and the difference is shown.
func (s *scannerShow) voidAct(ctx context.Context) error {
	order, mail, err := s.submit(ctx, "Backing compound")
	if err != nil {
		return err
	}
	robot := robot{base: s.url, client: &http.Client{Timeout: time.Minute}}
	form, err := robot.form(ctx, mail)
	if err != nil {
		return err
	}
	if err := s.change(ctx, order); err != nil {
		return err
	}
	page, err := robot.send(ctx, form, "approve")
	if err != nil {
		return err
	}
	a, err := s.approval(ctx, order.ApprovalID)
	if err != nil {
		return err
	}
	s.table.note("approval of "+order.Number+" after a changed line", a.Status, "void")
	difference := []string{}
	for _, change := range a.Difference {
		difference = append(difference, change.Label+": "+change.Before+" -> "+change.After)
	}
	s.table.note("the difference", strings.Join(difference, "; "), "Amount: 18640.00 EUR -> 19340.00 EUR")
	s.table.note("a click on the old link shows it", strings.Contains(page, "It has changed") && strings.Contains(page, "19,340.00"), true)
	var is showOrder
	if err := s.requesterAPI.call(ctx, http.MethodGet, "/v1/work-orders/"+order.ID, nil, &is); err != nil {
		return err
	}
	s.table.note("order "+order.Number+" waits for a new approval", is.Status == "waiting_approval" && is.ApprovalID != order.ApprovalID, true)
	return nil
}

// change raises the order's cost.
func (s *scannerShow) change(ctx context.Context, order showOrder) error {
	text, err := json.Marshal(map[string]any{"estimated_cost": money("19340.00")})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPatch, s.url+"/v1/work-orders/"+order.ID, strings.NewReader(string(text)))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+s.requesterAPI.Token)
	request.Header.Set("Content-Type", "application/merge-patch+json")
	request.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(order.Version)))
	response, err := answered(http.DefaultClient.Do(request)) //nolint:bodyclose // answered closes what it refuses
	if err != nil {
		return err
	}
	return response.Body.Close()
}

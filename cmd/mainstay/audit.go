package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"mainstay/internal/blob"
	"mainstay/internal/config"
	"mainstay/internal/stack"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workers"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Prove the whole audit log, or say at which place it is wrong."`
	Key    auditKeyCommand    `cmd:"" help:"Print the public half of the key that seals."`
}

type auditVerifyCommand struct {
	Tenant         string `placeholder:"CODE" help:"Code of one tenant; unset = all of them."`
	WithoutAnchors bool   `help:"Look at the database alone, not at the anchors in storage."`
	Output         string `enum:"text,json" default:"text" help:"text or json."`
}

// Help implements kong.HelpProvider.
func (auditVerifyCommand) Help() string {
	return "Walks along the chain of checkpoints of each tenant, proves every signature and every sealed event anew, and holds the chain against the anchors " +
		"that storage keeps of it. What it names is the first place that is wrong: an event altered, removed, inserted or reordered, a checkpoint altered or " +
		"removed, an end cut off, a key that is not known. It says how many events are not sealed yet: of those nothing is proven. Signatures count of " +
		"MAINSTAY_AUDIT_KEY and MAINSTAY_AUDIT_PUBLIC_KEYS. It changes nothing and may run at any time, also on a restored database (--without-anchors: what " +
		"was anchored later is not in it). Exit codes: 0 intact, 1 the place where it is not, 2 usage, 3 the database or the storage is away."
}

// tenantAudit is what was found of one tenant.
type tenantAudit struct {
	Tenant string                   `json:"tenant"`
	ID     uuid.UUID                `json:"tenant_id"`
	Intact bool                     `json:"intact"`
	Chain  models.AuditVerification `json:"chain"`
	Anchor *models.AuditProof       `json:"anchors,omitempty"`
}

func (t *tenantAudit) fault() *models.AuditFault {
	if t.Chain.Fault == nil && t.Anchor != nil {
		return t.Anchor.Fault
	}
	return t.Chain.Fault
}

// Run verifies one tenant after the other, also behind a fault.
func (c *auditVerifyCommand) Run(ctx context.Context) error {
	d, err := open(ctx, "audit")
	if err != nil {
		return err
	}
	defer d.close()
	keys := auditKeys(d.config)
	if !keys.CanVerify() {
		return &exitError{exitUsage, errors.New("no key counts: set MAINSTAY_AUDIT_KEY or MAINSTAY_AUDIT_PUBLIC_KEYS")}
	}
	tenants, err := c.tenants(ctx, d.store)
	if err != nil {
		return err
	}
	var anchors *blob.Store
	if !c.WithoutAnchors {
		if anchors, err = openAnchors(d.config); err != nil {
			return err
		}
	}
	var all []tenantAudit
	intact := true
	for _, tenant := range tenants {
		one, err := c.verify(ctx, d.store, keys, anchors, tenant)
		if err != nil {
			return &exitError{exitDependency, err}
		}
		intact = intact && one.Intact
		all = append(all, one)
		if c.Output == "text" {
			one.print()
		}
	}
	if c.Output == "json" {
		if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"intact": intact, "tenants": all}); err != nil {
			return err
		}
	}
	if !intact {
		return &exitError{code: exitFound}
	}
	return nil
}

func (c *auditVerifyCommand) tenants(ctx context.Context, s *store.Store) ([]uuid.UUID, error) {
	if c.Tenant == "" {
		tenants, err := s.TenantIDs(ctx)
		if err != nil {
			err = &exitError{exitDependency, err}
		}
		return tenants, err
	}
	id, found, err := s.TenantByCode(ctx, c.Tenant)
	switch {
	case err != nil:
		return nil, &exitError{exitDependency, err}
	case !found:
		return nil, &exitError{exitUsage, fmt.Errorf("there is no tenant %s", c.Tenant)}
	}
	return []uuid.UUID{id}, nil
}

func (c *auditVerifyCommand) verify(ctx context.Context, s *store.Store, keys models.AuditKeys, anchors *blob.Store, id uuid.UUID) (tenantAudit, error) {
	ctx = models.WithActor(ctx, models.SystemActor(id))
	tenant, err := s.Tenant(ctx)
	if err != nil {
		return tenantAudit{}, err
	}
	one := tenantAudit{Tenant: tenant.Code, ID: id}
	drawn := newProgress()
	one.Chain, err = s.VerifyAuditSeals(ctx, keys, store.AuditWalk{Progress: func(done models.AuditVerification) {
		drawn.say("%s: %d checkpoints, %d events", tenant.Code, done.Checkpoints, done.Events)
	}})
	drawn.end()
	if err == nil && one.Chain.Fault == nil && anchors != nil {
		var proof models.AuditProof
		proof, err = s.VerifyAuditAnchors(ctx, keys, anchors.Bucket(), anchors.AuditAnchors(ctx, id))
		one.Anchor = &proof
	}
	one.Intact = err == nil && one.fault() == nil
	return one, err
}

func (t *tenantAudit) print() {
	if f := t.fault(); f != nil {
		fmt.Printf("%s: NOT INTACT: %s at checkpoint %d: %s\n", t.Tenant, f.Kind, f.Checkpoint, f.Detail)
	} else {
		fmt.Printf("%s: intact: %d events in %d checkpoints, %d of them sealed late\n", t.Tenant, t.Chain.Events, t.Chain.Checkpoints, t.Chain.Late)
	}
	if t.Chain.Complete && t.Chain.Open > 0 {
		fmt.Printf("%s: %d events are not sealed yet, the oldest of %s\n", t.Tenant, t.Chain.Open, t.Chain.OldestOpen.UTC().Format(time.RFC3339))
	}
	for _, r := range t.Chain.Recoveries {
		fmt.Printf("%s: goes on at checkpoint %d behind the recovery %s of %s\n", t.Tenant, r.Checkpoint, r.RecoveryID, r.RecoveredAt.UTC().Format(time.RFC3339))
	}
	switch {
	case t.Anchor == nil || t.Anchor.Fault != nil:
	case t.Anchor.Sequence == 0:
		fmt.Printf("%s: storage has no anchor of it yet\n", t.Tenant)
	default:
		fmt.Printf("%s: storage vouches for checkpoint %d of %s; %d anchors are of what recoveries took back\n",
			t.Tenant, t.Anchor.Sequence, t.Anchor.MadeAt.UTC().Format(time.RFC3339), t.Anchor.Abandoned)
	}
}

type auditKeyCommand struct{}

// Help implements kong.HelpProvider.
func (auditKeyCommand) Help() string {
	return "Prints the public key of MAINSTAY_AUDIT_KEY in base64, as MAINSTAY_AUDIT_PUBLIC_KEYS takes it, and the name under which checkpoints have it. Run it before the " +
		"key is changed: who has the public key can still prove what the old one sealed. Exit codes: 0 done, 2 there is no key."
}

// Run prints it.
func (auditKeyCommand) Run() error {
	cfg, err := config.Load(stack.Lookup(os.LookupEnv))
	if err != nil {
		return &exitError{exitUsage, err}
	}
	keys := auditKeys(cfg)
	if !keys.CanSign() {
		return &exitError{exitUsage, errors.New("MAINSTAY_AUDIT_KEY is unset")}
	}
	_, err = fmt.Printf("%s  %s\n", base64.StdEncoding.EncodeToString(keys.Public()), keys.ID())
	return err
}

func auditKeys(c config.Config) models.AuditKeys {
	public := make([][]byte, len(c.AuditPublicKeys))
	for i, key := range c.AuditPublicKeys {
		public[i] = key
	}
	return models.NewAuditKeys(c.AuditKey, public...)
}

// openAnchors opens the bucket of the anchors: the one with object lock, where it is set.
func openAnchors(c config.Config) (*blob.Store, error) {
	archive, err := openArchive(c)
	if archive != nil || err != nil {
		return archive, err
	}
	return openBlob(c)
}

// sealAudit runs the sequencer of the audit log, where there is a key to sign with.
func sealAudit(ctx context.Context, d *dependencies, files, archive *blob.Store) {
	keys := auditKeys(d.config)
	if !keys.CanSign() {
		d.telemetry.Logger.WarnContext(ctx, "the audit log is not sealed: MAINSTAY_AUDIT_KEY is unset")
		return
	}
	sealer := &workers.AuditSealer{Store: d.store, Keys: keys, Anchors: files, Log: d.telemetry.Logger}
	if archive != nil {
		sealer.Anchors, sealer.LockFor = archive, time.Duration(d.config.ArchiveDays)*24*time.Hour
	}
	sealer.Run(ctx)
}

package activities

import (
	"context"

	"mainstay/models"
)

// LoadReplenishment reads whether something runs short and notes that the process runs.
func (p *Purchasing) LoadReplenishment(ctx context.Context, in ProcessInput) (ProcessState, error) {
	r, err := p.Store.LoadReplenishment(in.context(ctx))
	if err != nil || r == nil {
		return ProcessState{}, failed(err)
	}
	return replenishmentState(r.StockReplenishment, r.Short), nil
}

// Replenish writes draft orders for what runs short. Run again it finds that on order.
func (p *Purchasing) Replenish(ctx context.Context, in ActionInput) (ProcessState, error) {
	r, err := p.Store.Replenish(in.context(ctx))
	if err != nil || r == nil {
		return ProcessState{}, failed(err)
	}
	return replenishmentState(*r, false), nil
}

func replenishmentState(r models.StockReplenishment, short bool) ProcessState {
	action, at := r.NextAction(short)
	return ProcessState{
		Exists: true, Version: r.Version, Action: string(action), NextAt: wakeAt(action == models.ReplenishLook, at),
	}
}

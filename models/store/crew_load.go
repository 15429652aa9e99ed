package store

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"mainstay/models"
)

// MaxCrew is how many people a crew's load lists.
const MaxCrew = 1000

// crewWork is the work that is planned for days $2 to $3 with those who are assigned; inside says whether it lies within the
// locations $4 (empty: all) and the actor's $5.
var crewWork = `WITH work AS MATERIALIZED (
	SELECT x.user_id, w.start_on, w.planned_hours, w.status,
		count(*) OVER (PARTITION BY w.id) AS people,
		` + scopeSQL("w.location_id", 4) + ` AND ` + scopeSQL("w.location_id", 5) + ` AS inside
	FROM work_orders w LEFT JOIN work_order_assignees x ON x.tenant_id = $1 AND x.work_order_id = w.id
	WHERE w.tenant_id = $1 AND w.start_on BETWEEN $2::date AND $3::date AND w.status <> 'cancelled')`

// The people of a crew: who has work planned there, and the technicians who may be sent there.
var selectCrew = crewWork + ` SELECT u.id, u.name, u.working_hours FROM users u
	WHERE u.tenant_id = $1 AND (u.id IN (SELECT user_id FROM work WHERE inside)
		OR u.disabled_at IS NULL AND 'technician' = ANY (u.roles) AND (cardinality(u.location_ids) = 0 OR EXISTS (
			SELECT FROM location_paths p WHERE p.tenant_id = $1 AND ` + scopeSQL("p.descendant_id", 4) + ` AND ` + scopeSQL("p.descendant_id", 5) + `
				AND p.ancestor_id = ANY (u.location_ids))))
	ORDER BY u.name, u.id LIMIT $6`

var selectCrewDays = crewWork + ` SELECT user_id AS person_id, start_on AS day,
	round(coalesce(sum(planned_hours / people), 0), 2) AS planned,
	round(coalesce(sum(planned_hours / people) FILTER (WHERE NOT inside), 0), 2) AS elsewhere,
	round(coalesce(sum(planned_hours / people) FILTER (WHERE status IN ('completed', 'closed')), 0), 2) AS done,
	count(*) AS orders, count(*) FILTER (WHERE planned_hours IS NULL) AS without_hours
	FROM work WHERE user_id IS NOT NULL OR inside GROUP BY user_id, start_on`

// CrewLoad reads how much work is planned for days from and to, both included, and what the people work on them. Locations narrow the
// people to those who have work there or may be sent there, not what they have to do elsewhere; none narrows nothing.
func (s *Store) CrewLoad(ctx context.Context, from, to models.Date, locations []uuid.UUID) (models.CrewLoad, error) {
	actor, _ := models.ActorFrom(ctx)
	args := []any{actor.TenantID, from, to, notNull(locations), scopeOf(actor)}
	var people []models.CrewPerson
	var work []models.CrewDay
	err := s.readBatch(ctx, func(b *pgx.Batch) {
		b.Queue(selectCrew, append(args, MaxCrew+1)...).Query(func(r pgx.Rows) (err error) {
			people, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[models.CrewPerson])
			return err
		})
		b.Queue(selectCrewDays, args...).Query(func(r pgx.Rows) (err error) {
			work, err = pgx.CollectRows(r, pgx.RowToStructByNameLax[models.CrewDay])
			return err
		})
	})
	if err != nil {
		return models.CrewLoad{}, err
	}
	more := len(people) > MaxCrew
	load := models.NewCrewLoad(from, to, people[:min(len(people), MaxCrew)], work)
	load.More = more
	return load, nil
}

package api

import (
	"io/fs"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"mainstay/internal/auth"
	"mainstay/internal/blob"
	"mainstay/internal/telemetry"
	"mainstay/models"
	"mainstay/models/store"
	"mainstay/workflows"
)

// Options are what the API stands on.
type Options struct {
	Store     *store.Store
	Processes *workflows.Client
	Blob      *blob.Store
	Keys      *auth.Keys
	Telemetry *telemetry.Telemetry
	Version   string
	// AuditKeys prove checkpoints of the audit log; without any, none is proven. AuditAnchors is the bucket that keeps their heads.
	AuditKeys    models.AuditKeys
	AuditAnchors *blob.Store
	// PublicURL leads people to the application, without a slash at its end: what is printed names it.
	PublicURL string
	// TemporalUIURL is the Web UI's address for operators, empty where there is none.
	TemporalUIURL string
	Namespace     string
	MailUIURL     string // where caught mail is read, empty where mail goes out
	DemoEmail     string // who signs in to the demo company, empty without one
	DemoAsset     string // code of an asset of that company that is worth a look
	// StackState is the file in which the stack that runs this process keeps how far its parts are; empty where none does.
	StackState string
	// Web is the built frontend; nil where there is none, and a plain start page stands in for it.
	Web fs.FS
	// LANAuthority is the certificate, in PEM, that devices of the local network are to trust; nil where none is served.
	LANAuthority []byte
	// TrustedProxies may name the client's address; empty trusts none.
	TrustedProxies []string
	// Ready are the dependencies by name, for /readyz.
	Ready map[string]telemetry.Check
}

// Server is the API.
type Server struct {
	store     *store.Store
	processes *workflows.Client
	blob      *blob.Store
	keys      *auth.Keys
	verifier  *auth.Verifier
	passwords *auth.Passwords
	throttle  *auth.Throttle
	reports   *auth.Throttle // of reports that browsers send by themselves
	telemetry *telemetry.Telemetry
	options   Options
	engine    *gin.Engine
	huma      huma.API
	streams   map[string]bool // routes whose bodies are files, by method and path
	events    *eventFeed
	startedAt time.Time
	web       *webFiles // nil where there is no frontend
	// crossOrigin tells requests of other sites from our own, by what the browser says of them.
	crossOrigin *http.CrossOriginProtection
	draining    chan struct{} // closed when no stream may stay open
}

const (
	verifiedTokens  = 100_000 // remembered at most, a few MB
	parallelHashes  = 2       // argon2id takes memory and a core each
	throttleEntries = 100_000
)

// New builds the API with all its routes.
func New(o Options) (*Server, error) {
	gin.SetMode(gin.ReleaseMode)
	s := &Server{
		store: o.Store, processes: o.Processes, blob: o.Blob, keys: o.Keys, telemetry: o.Telemetry, options: o,
		verifier: auth.NewVerifier(o.Keys, verifiedTokens, time.Now), passwords: auth.NewPasswords(parallelHashes),
		throttle: auth.NewThrottle(auth.AccountLimit, auth.AddressLimit, throttleEntries, time.Now),
		reports:  auth.NewThrottle(cspReportLimit, cspReportAddressLimit, throttleEntries, time.Now),
		engine:   gin.New(), streams: map[string]bool{}, startedAt: time.Now().UTC(), draining: make(chan struct{}), crossOrigin: http.NewCrossOriginProtection(),
	}
	storage := ""
	if o.Blob != nil {
		storage = o.Blob.PublicOrigin()
	}
	var err error
	if s.web, err = newWebFiles(o.Web, storage); err != nil {
		return nil, err
	}
	if err := s.engine.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, err
	}
	s.engine.HandleMethodNotAllowed = true
	s.engine.RedirectTrailingSlash = false
	s.engine.Use(s.observe, s.recovery, s.readBody)
	s.engine.NoRoute(s.unknownPath)
	s.engine.NoMethod(func(c *gin.Context) {
		writeProblem(c, newProblem(http.StatusMethodNotAllowed, models.CodeNotFound, "This path does not take this method.", requestID(c)))
	})
	s.huma = humagin.New(s.engine, humaConfig(o.Version))
	s.routes()
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// Drain ends the open event streams, which would hold a shutdown up. It is called once.
func (s *Server) Drain() { close(s.draining) }

// routes lists the nouns; each file registers its own.
func (s *Server) routes() {
	s.apiTokenRoutes()
	s.approvalRoutes()
	s.assetCategoryRoutes()
	s.assetCostRoutes()
	s.assetRoutes()
	s.assetTemplateRoutes()
	s.attachmentRoutes()
	s.auditEventRoutes()
	s.browserSessionRoutes()
	s.commentRoutes()
	s.costCenterRoutes()
	s.cspReportRoutes()
	s.dashboardRoutes()
	s.departmentRoutes()
	s.docsRoutes()
	s.downtimeRoutes()
	s.eventRoutes()
	s.failureCodeRoutes()
	s.exportRoutes()
	s.operationsRoutes()
	s.healthRoutes()
	s.importRoutes()
	s.itemRoutes()
	s.jobPlanRoutes()
	s.laborEntryRoutes()
	s.lanRoutes()
	s.locationRoutes()
	s.maintenanceScheduleRoutes()
	s.meRoutes()
	s.meterRoutes()
	s.notificationRoutes()
	s.permissionRoutes()
	s.preferencesRoutes()
	s.purchasingRoutes()
	s.reservationRoutes()
	s.searchRoutes()
	s.sessionRoutes()
	s.startRoutes()
	s.stockMovementRoutes()
	s.stockTransferRoutes()
	s.putAwayRoutes()
	s.supplierRoutes()
	s.systemRoutes()
	s.tenantRoutes()
	s.timelineRoutes()
	s.userRoutes()
	s.workOrderBulkRoutes()
	s.workOrderCostRoutes()
	s.workOrderRoutes()
	s.workRequestRoutes()
}

// purchasingRoutes lists the nouns of one domain: a list of all is too long to read.
func (s *Server) purchasingRoutes() {
	s.catalogEntryRoutes()
	s.exchangeRateRoutes()
	s.goodsReceiptRoutes()
	s.assetRequestRoutes()
	s.purchaseOrderRoutes()
	s.sparePartRoutes()
	s.requisitionRoutes()
	s.supplierInvoiceRoutes()
}

// shapeErrors sets Huma's two global constructors, once: several servers may live in one process.
var shapeErrors = sync.OnceFunc(func() {
	huma.NewErrorWithContext = humaError
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return humaError(nil, status, message, errs...)
	}
})

func humaConfig(version string) huma.Config {
	shapeErrors()
	c := huma.DefaultConfig("Mainstay", version)
	c.Info.Description = "Asset management whose long-running work is durable. Errors are application/problem+json."
	c.CreateHooks = nil // they would add a $schema link to every body
	c.DocsPath = ""     // its page loads scripts from elsewhere; docsRoutes serves our own
	c.RejectUnknownQueryParameters = true
	describeScalars(c.Components.Schemas)
	c.Formats = map[string]huma.Format{"application/json": plainJSON, "json": plainJSON}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
		"cookie": {
			Type: "apiKey", In: "cookie", Name: sessionCookie,
			Description: "Of POST /v1/auth/session. Every request but GET and HEAD also needs the header " + csrfHeader + ": 1.",
		},
	}
	return c
}

func requestID(c *gin.Context) string { return telemetry.RequestID(c.Request.Context()) }

// OpenAPI returns the description of all operations, as /openapi.json serves it.
func (s *Server) OpenAPI() *huma.OpenAPI { return s.huma.OpenAPI() }

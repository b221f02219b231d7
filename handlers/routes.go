package handlers

import (
	"github.com/gofiber/fiber/v2"

	"miniblog/assets"
	"miniblog/views"
)

// routes is every address of the blog, grouped by who may call it.
func (s *Server) routes() {
	s.app.Use(s.watch, s.bound, s.guard, s.refuseForeign)

	page := func(handler fiber.Handler) []fiber.Handler {
		return []fiber.Handler{s.coalesce, s.admit, s.recognize, s.compress, s.keep, handler}
	}
	feed := func(handler fiber.Handler) []fiber.Handler {
		return []fiber.Handler{s.coalesce, s.admit, s.compress, s.keep, handler} // whoever asks
	}

	// Machines.
	s.app.Get("/healthz", s.alive)
	s.app.Get("/readyz", s.ready)
	s.app.Get(assets.Root+":name", s.asset)
	s.app.Get(views.FaviconURL, s.favicon)
	s.app.Get(views.ManifestURL, s.manifest)
	s.app.Get(views.RobotsURL, s.robots)
	s.app.Get(views.SitemapURL, s.compress, s.keep, s.sitemap)
	s.app.Get("/sitemap-:number.xml", s.compress, s.keep, s.sitemapPart)
	s.app.Get("/feed.atom", feed(s.feed(atomFormat))...)
	s.app.Get("/feed.json", feed(s.feed(jsonFormat))...)
	s.app.Get("/card.png", s.blogCard)
	s.app.Get("/@:username/feed.atom", feed(s.authorFeed(atomFormat))...)
	s.app.Get("/@:username/feed.json", feed(s.authorFeed(jsonFormat))...)
	s.app.Get("/@:username/:slug/card.png", s.postCard)
	s.app.Get("/tags/:tag/feed.atom", feed(s.tagFeed(atomFormat))...)
	s.app.Get("/tags/:tag/feed.json", feed(s.tagFeed(jsonFormat))...)

	// Everybody, no matter who: this asks no database.
	s.app.Post(views.ThemeURL, s.setTheme)

	// What everybody reads.
	s.app.Get(views.HomeURL, page(s.home)...)
	s.app.Get("/@:username", page(s.author)...)
	s.app.Get("/@:username/:slug", page(s.showPost)...)
	s.app.Get(views.TagsURL, page(s.tags)...)
	s.app.Get(views.TagsURL+"/:tag", page(s.tagged)...)
	s.app.Get(views.ArchiveURL, page(s.months)...)
	s.app.Get(views.ArchiveURL+"/:year", page(s.month)...)
	s.app.Get(views.ArchiveURL+"/:year/:month", page(s.month)...)

	// Everybody.
	everybody := s.app.Group("", s.admit, s.recognize, s.compress)
	everybody.Get(views.SearchURL, s.search)
	everybody.Get(views.SignupURL, withInvitation, s.showSignup)
	everybody.Post(views.SignupURL, s.signUp)
	everybody.Get(views.UsernameCheckURL, withInvitation, s.checkUsername)
	everybody.Get(views.LoginURL, s.showLogin)
	everybody.Post(views.LoginURL, s.hearing, s.logIn)
	everybody.Get(views.LogoutURL, s.showLogout)
	everybody.Post(views.LogoutURL, s.logOut)
	everybody.Get(views.ForgotURL, s.showForgot)
	everybody.Post(views.ForgotURL, s.askForLink)
	everybody.Get(views.ResetsURL+"/:token", s.inSecret, s.showReset)
	everybody.Post(views.ResetsURL+"/:token", s.inSecret, s.resetPassword)
	everybody.Get(views.EmailConfirmedURL, s.showConfirmed)
	everybody.Get(views.EmailsURL+"/:token", s.inSecret, s.showConfirmation)
	everybody.Post(views.EmailsURL+"/:token", s.inSecret, s.confirmEmail)
	if s.Gallery {
		everybody.Get(views.GalleryURL, s.gallery)
	}
	everybody.Get("/@:username/:slug/changes", s.changes)

	// Authors.
	authors := func(handlers ...fiber.Handler) []fiber.Handler {
		return append([]fiber.Handler{s.authorsOnly}, handlers...)
	}
	editors := func(handler fiber.Handler) []fiber.Handler { return authors(s.changing, handler) }
	everybody.Get(views.DashboardURL, authors(s.dashboard)...)
	everybody.Get(views.DeletedURL, authors(s.deleted)...)
	everybody.Get(views.NewPostURL, authors(s.newPost)...)
	everybody.Post(views.PostsURL, editors(s.writePost)...)
	everybody.Get(views.PreviewURL, authors(s.showNoPreview)...)
	everybody.Post(views.PreviewURL, authors(s.preview)...)
	everybody.Get("/posts/:id", authors(s.ownPost)...)
	everybody.Post("/posts/:id", editors(s.revisePost)...)
	everybody.Get("/posts/:id/edit", authors(s.editPost)...)
	everybody.Post("/posts/:id/versions", authors(s.autosave)...)
	everybody.Get("/posts/:id/history", authors(s.history)...)
	everybody.Post("/posts/:id/history/:number/restoration", editors(s.returnTo)...)
	everybody.Get("/posts/:id/details", authors(s.details)...)
	everybody.Post("/posts/:id/details", editors(s.setDetails)...)
	everybody.Post("/posts/:id/deletion", editors(s.deletePost)...)
	everybody.Post("/posts/:id/restoration", editors(s.restorePost)...)
	everybody.Get(views.SettingsURL, authors(s.settings)...)
	everybody.Post(views.EmailChangeURL, authors(s.changeEmail)...)
	everybody.Post(views.ProfileURL, editors(s.changeProfile)...)
	everybody.Post(views.UsernameURL, editors(s.changeUsername)...)
	everybody.Post(views.PasswordURL, authors(s.changePassword)...)
	everybody.Post(views.OtherSessionsURL, authors(s.endOtherSessions)...)
	everybody.Post(views.SessionsURL+"/:id/ending", authors(s.endOneSession)...)
	everybody.Get(views.RecordURL, authors(s.record)...)
	everybody.Post(views.ExportURL, authors(s.export)...)
	everybody.Post(views.AccountDeletionURL, editors(s.deleteAccount)...)

	// Owners.
	owners := func(handlers ...fiber.Handler) []fiber.Handler {
		return append([]fiber.Handler{s.ownersOnly}, handlers...)
	}
	keepers := func(handler fiber.Handler) []fiber.Handler { return owners(s.changing, handler) }
	everybody.Get(views.AdminURL, owners(s.people)...)
	everybody.Get("/admin/users/:id", owners(s.person)...)
	everybody.Post("/admin/users/:id/disabling", keepers(s.disablePerson)...)
	everybody.Post("/admin/users/:id/enabling", keepers(s.enablePerson)...)
	everybody.Post("/admin/users/:id/link", owners(s.linkForPerson)...)
	everybody.Post("/admin/users/:id/role", keepers(s.setRole)...)
	everybody.Get("/admin/users/:id/removal", owners(s.askRemoval)...)
	everybody.Post("/admin/users/:id/removal", keepers(s.removePerson)...)
	everybody.Post("/admin/users/:id/restoration", keepers(s.restorePerson)...)
	everybody.Post(views.SignupModeURL, keepers(s.setSignup)...)
	everybody.Get(views.InvitationsURL, owners(s.invitations)...)
	everybody.Post(views.InvitationsURL, owners(s.invite)...)
	everybody.Post("/admin/invitations/:id/revocation", owners(s.revokeInvitation)...)
	everybody.Get(views.MailURL, owners(s.mail)...)
	everybody.Post(views.MailTestURL, owners(s.testMail)...)
	everybody.Get(views.WholeRecordURL, owners(s.wholeRecord)...)
}

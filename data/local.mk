# SPDX-License-Identifier: GPL-3.0-or-later
dist_pkgdata_DATA += data/defaults.json
dist_noinst_DATA += data/README

# The embedder that ships, and what it is made of.
embedderdir = $(pkgdatadir)/embedder
dist_embedder_DATA = data/embedder/recipe.json data/embedder/weir.safetensors
dist_noinst_SCRIPTS += data/embedder/train.sh

# The knowledge base: one folder for each domain, as it is read.
kbfintechdir = $(pkgdatadir)/kb/fintech
dist_kbfintech_DATA = \
	data/kb/fintech/account-closure.md \
	data/kb/fintech/account-opening.md \
	data/kb/fintech/card-abroad.md \
	data/kb/fintech/card-activation.md \
	data/kb/fintech/card-disputes.md \
	data/kb/fintech/card-freeze-replace.md \
	data/kb/fintech/card-limits.md \
	data/kb/fintech/contactless-and-wallets.md \
	data/kb/fintech/credit-card-terms.md \
	data/kb/fintech/direct-debits.md \
	data/kb/fintech/exchange-rates.md \
	data/kb/fintech/fees-schedule.md \
	data/kb/fintech/identity-verification.md \
	data/kb/fintech/savings-pots.md \
	data/kb/fintech/standing-orders.md \
	data/kb/fintech/transfer-domestic.md \
	data/kb/fintech/transfer-international.md \
	data/kb/fintech/transfer-limits.md \
	data/kb/fintech/transfer-recall.md \
	data/kb/fintech/virtual-cards.md
kbinsurancedir = $(pkgdatadir)/kb/insurance
dist_kbinsurance_DATA = \
	data/kb/insurance/auto-policy.md \
	data/kb/insurance/business-policy.md \
	data/kb/insurance/claim-appeal.md \
	data/kb/insurance/claim-filing.md \
	data/kb/insurance/claim-status.md \
	data/kb/insurance/coverage-letter.md \
	data/kb/insurance/deductibles.md \
	data/kb/insurance/discounts.md \
	data/kb/insurance/exclusions.md \
	data/kb/insurance/glass-and-roadside.md \
	data/kb/insurance/home-policy.md \
	data/kb/insurance/invoices-documents.md \
	data/kb/insurance/late-payment.md \
	data/kb/insurance/policy-changes.md \
	data/kb/insurance/premium-payment.md \
	data/kb/insurance/refunds-cancellation.md \
	data/kb/insurance/renters-policy.md \
	data/kb/insurance/total-loss.md \
	data/kb/insurance/travel-policy.md \
	data/kb/insurance/umbrella-policy.md
kbsoftwaredir = $(pkgdatadir)/kb/software
dist_kbsoftware_DATA = \
	data/kb/software/backup-restore.md \
	data/kb/software/barcode-scanners.md \
	data/kb/software/command-line.md \
	data/kb/software/configuration-file.md \
	data/kb/software/error-codes.md \
	data/kb/software/getting-started.md \
	data/kb/software/import-export.md \
	data/kb/software/install-upgrade.md \
	data/kb/software/multi-site.md \
	data/kb/software/offline-mode.md \
	data/kb/software/performance-limits.md \
	data/kb/software/purchase-orders.md \
	data/kb/software/recipes-and-yield.md \
	data/kb/software/reports.md \
	data/kb/software/rest-api.md \
	data/kb/software/stock-counts.md \
	data/kb/software/suppliers.md \
	data/kb/software/sync-service.md \
	data/kb/software/users-and-roles.md \
	data/kb/software/webhooks.md

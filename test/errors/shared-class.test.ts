import { test } from "uvu";
import * as assert from "uvu/assert";
import { BackendConfigError } from "../../src/backends/backend.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { GuestError } from "../../src/errors/guest-error.ts";
import { SpearError } from "../../src/errors/spear-error.ts";

/** Specifier that loads a module of `src/` a second time, as another copy of the package in this process does. */
function copyOf(path: string): string {
	return new URL(`../../src/${path}?copy`, import.meta.url).href;
}

const spearError: Promise<typeof import("../../src/errors/spear-error.ts")> = import(copyOf("errors/spear-error.ts"));
const guestError: Promise<typeof import("../../src/errors/guest-error.ts")> = import(copyOf("errors/guest-error.ts"));
const configError: Promise<typeof import("../../src/config/config-error.ts")> = import(copyOf("config/config-error.ts"));
const backend: Promise<typeof import("../../src/backends/backend.ts")> = import(copyOf("backends/backend.ts"));

test("an error of another copy of the package is an instance of its class in this one", async () => {
	const copies = {
		SpearError: new (await spearError).SpearError("timeout", "late"),
		GuestError: new (await guestError).GuestError("failed", "no"),
		ConfigError: new (await configError).ConfigError("spear.toml", [{ path: "a", message: "wrong" }]),
		BackendConfigError: new (await backend).BackendConfigError("up", "options: wrong"),
	};
	assert.is.not((await spearError).SpearError, SpearError);
	assert.instance(copies.SpearError, SpearError);
	assert.instance(copies.GuestError, GuestError);
	assert.instance(copies.ConfigError, ConfigError);
	assert.instance(copies.ConfigError, SpearError);
	assert.instance(copies.BackendConfigError, BackendConfigError);
});

test("an error of one class is not an instance of another, whichever copy it comes from", async () => {
	const copy = await spearError;
	const guest = await guestError;
	for (const error of [new SpearError("timeout", "late"), new copy.SpearError("timeout", "late")]) {
		assert.not.instance(error, ConfigError);
		assert.not.instance(error, GuestError);
		assert.not.instance(error, BackendConfigError);
	}
	for (const error of [new GuestError("failed", "no"), new guest.GuestError("failed", "no")]) assert.not.instance(error, SpearError);
});

test("no value but an error of the package is an instance", () => {
	for (const value of [undefined, null, "SpearError", {}, new Error("SpearError"), { name: "SpearError", code: "timeout" }]) {
		assert.not.instance(value, SpearError);
	}
});

test("a class that extends SpearError outside the package has only its own instances", () => {
	class QuotaError extends SpearError {}
	assert.instance(new QuotaError("rate_limited", "later"), QuotaError);
	assert.instance(new QuotaError("rate_limited", "later"), SpearError);
	assert.not.instance(new SpearError("rate_limited", "later"), QuotaError);
});

test("`from` returns a SpearError of another copy unchanged", async () => {
	const error = new (await spearError).SpearError("rate_limited", "later");
	assert.is(SpearError.from(error), error);
});

test.run();

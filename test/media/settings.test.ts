import { test } from "uvu";
import * as assert from "uvu/assert";
import { ConfigError } from "../../src/config/config-error.ts";
import { hostPattern } from "../../src/config/host-pattern.ts";
import type { MediaSettings } from "../../src/media/media-settings.ts";
import { settingsFrom } from "../helpers/config.ts";

function load(toml: string): MediaSettings {
	return settingsFrom(toml).media;
}

test("the defaults apply and no URL is allowed when [media] is absent", () => {
	assert.equal(load(""), {
		dir: undefined,
		maxBytes: 268_435_456,
		quotaBytes: 1_073_741_824,
		maxCallBytes: 16_777_216,
		expiresAfterS: 86_400,
		allowedHosts: [],
		allowPrivateAddresses: false,
	});
});

test("every setting of [media] is read, with hosts as URLs spell them", () => {
	const toml = `
[media]
dir = "/var/lib/spear"
max_bytes = 1
quota_bytes = 2
max_call_bytes = 3
expires_after_s = 4
allowed_hosts = ["CDN.example.com", "*.Example.com", "bücher.example", "192.0.2.7", "::1", "[2606:4700::1111]"]
allow_private_addresses = true
`;
	assert.equal(load(toml), {
		dir: "/var/lib/spear",
		maxBytes: 1,
		quotaBytes: 2,
		maxCallBytes: 3,
		expiresAfterS: 4,
		allowedHosts: ["cdn.example.com", "*.example.com", "xn--bcher-kva.example", "192.0.2.7", "[::1]", "[2606:4700::1111]"],
		allowPrivateAddresses: true,
	});
});

test("an entry of allowed_hosts may have a port, or a star for every port", () => {
	for (const [entry, pattern] of [
		["CDN.example.com:8443", "cdn.example.com:8443"],
		["*.Example.com:*", "*.example.com:*"],
		["192.0.2.7:1", "192.0.2.7:1"],
		["[::1]:65535", "[::1]:65535"],
		["a.example:443", "a.example:443"],
	] as const)
		assert.is(hostPattern(entry), pattern);
});

test("an entry of allowed_hosts is refused with its text when it is not a host", () => {
	const invalid = [
		"*",
		"*.",
		"https://a.example",
		"a.example/b",
		"a.example:0",
		"a.example:65536",
		"a.example:080",
		"a.example:",
		"a.example:8*",
		"a.example:80:90",
		":80",
		"*:*",
		"me@a.example",
		"a b",
		"*.*.example",
		"a.*.example",
		"*.1.2.3.4",
	];
	for (const entry of [...invalid, "2130706433", "0x7f.1", "*.[::1]", "a.example?b", "a\\b"])
		assert.is(hostPattern(entry), undefined, entry);
	try {
		load('[media]\nallowed_hosts = ["a.example", "https://b.example"]');
		assert.unreachable();
	} catch (thrown) {
		assert.ok(thrown instanceof ConfigError);
		assert.match(
			thrown.message,
			"spear.toml:2:31: media.allowed_hosts[1]: 'https://b.example' is not a host; did you mean 'b.example'?; write e.g. cdn.example.com, cdn.example.com:8443 or *.example.com:*",
		);
	}
});

test.run();

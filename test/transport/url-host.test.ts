import { test } from "uvu";
import * as assert from "uvu/assert";
import { hostOf, portOf } from "../../src/transport/url-host.ts";

test("the host of a URL is its name, or its address without brackets", () => {
	assert.is(hostOf(new URL("https://api.example.com/v1")), "api.example.com");
	assert.is(hostOf(new URL("http://127.0.0.1:8080")), "127.0.0.1");
	assert.is(hostOf(new URL("http://[::1]:8080")), "::1");
});

test("the port of a URL is its own, or the default port of its scheme", () => {
	assert.is(portOf(new URL("https://api.example.com:8443")), "8443");
	assert.is(portOf(new URL("https://api.example.com")), "443");
	assert.is(portOf(new URL("http://api.example.com")), "80");
});

test.run();

import { test } from "uvu";
import * as assert from "uvu/assert";
import { baseUrlFault } from "../../../src/backends/kit/base-url.ts";
import { ENDPOINTS } from "../../../src/backends/protocols/openai/endpoints.ts";

const faultOf = (url: string): string | undefined => baseUrlFault(url, ENDPOINTS);
const right = '"https://api.example.com/v1"';

test("a base URL that ends in an endpoint is refused with the right one", () => {
	for (const [path, endpoint] of [
		["/v1/chat/completions", "/chat/completions"],
		["/v1/chat/completions/", "/chat/completions"],
		["/v1/completions", "/completions"],
		["/v1/embeddings//", "/embeddings"],
		["/v1/Audio/Speech", "/audio/speech"],
		["/v1/audio/transcriptions?language=de", "/audio/transcriptions"],
		["/v1/audio/translations", "/audio/translations"],
		["/v1/images/generations#top", "/images/generations"],
		["/v1/realtime?model=m", "/realtime"],
		["/v1/chat/completions/chat/completions", "/chat/completions"],
		["/v1/models", "/models"],
	] as const) {
		const fault = `already ends in the path ${endpoint}, which the host appends; write ${right}`;
		assert.is(faultOf(`https://api.example.com${path}`), fault, path);
	}
	assert.match(faultOf("http://127.0.0.1:8080/chat/completions") ?? "", 'write "http://127.0.0.1:8080"');
	assert.match(
		faultOf("https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21") ?? "",
		'write "https://r.openai.azure.com/openai/deployments/d"',
	);
});

test("a WebSocket URL is refused with the URL over HTTP", () => {
	assert.match(
		faultOf("wss://api.example.com/v1/realtime?model=m") ?? "",
		`already ends in the path /realtime, which the host appends; write ${right}`,
	);
	assert.is(faultOf("wss://api.example.com/v1"), `must be an http or https URL; write ${right}`);
	assert.is(faultOf("ws://127.0.0.1:8080"), 'must be an http or https URL; write "http://127.0.0.1:8080"');
});

test("a base URL whose path only resembles an endpoint is accepted", () => {
	for (const url of [
		"https://api.example.com",
		right.slice(1, -1),
		"https://api.example.com/v1/",
		"https://api.example.com/embeddings-v2",
		"https://api.example.com/openai/deployments/models-1",
	])
		assert.is(faultOf(url), undefined, url);
});

test.run();

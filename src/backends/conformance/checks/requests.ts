import type { ConformanceCase } from "../case.ts";
import type { FixtureOperation, RequestCase } from "../fixture.ts";
import { formOf } from "../loopback/form.ts";
import { whole } from "../loopback/replies.ts";
import type { ReceivedRequest } from "../loopback/server.ts";
import type { CallTransport } from "../outcome.ts";
import { ensure, same } from "../same.ts";
import { type Subject, servedTransports, withTrial } from "../trial.ts";
import type { UpstreamRequest } from "../upstream.ts";
import { recordedCase } from "./recorded-case.ts";

/** Cases of requests: each payload becomes exactly the upstream's request. */
export function requestCases<O extends FixtureOperation>(subject: Subject<O>): ConformanceCase[] {
	const { its } = subject;
	return Object.entries(its.requests).flatMap(([name, request]) =>
		transportsOfCase(subject, request).map((transport) => ({
			name: `${transport === "stream" ? "a stream" : "a call"} of "${name}" is the upstream's request`,
			run: () => checkRequest(subject, request, transport),
		})),
	);
}

function transportsOfCase<O extends FixtureOperation>(subject: Subject<O>, request: RequestCase<O>): readonly CallTransport[] {
	if (request.transports !== undefined) return request.transports;
	return servedTransports(subject).filter((transport) => transport === "unary" || subject.its.streamed !== undefined);
}

function checkRequest<O extends FixtureOperation>(subject: Subject<O>, request: RequestCase<O>, transport: CallTransport): Promise<void> {
	const { its } = subject;
	const wholes = "path" in request.upstream ? [request.upstream] : request.upstream;
	const expected: UpstreamRequest[] = wholes.map((one) => (transport === "stream" ? (its.streamed?.(one) ?? one) : one));
	return withTrial(subject, request, async ({ call, server }) => {
		const { error } = await call(transport, (request.answers ?? [recordedCase(subject, transport).bytes]).map(whole));
		ensure(server.requests.length > 0, `no request arrives: ${error?.message}`);
		for (const [index, one] of expected.entries()) sameRequest(server.requests[index], one, `request ${index + 1}`);
		ensure(server.requests.length === expected.length, `${server.requests.length} requests arrive instead of ${expected.length}`);
	});
}

function sameRequest(received: ReceivedRequest | undefined, expected: UpstreamRequest, what: string): void {
	ensure(received !== undefined, `${what} does not arrive`);
	same(`${received.method} ${received.path}`, `${expected.method} ${expected.path}`, `${what}, method and path`);
	for (const [name, value] of Object.entries(expected.headers ?? {})) sameHeader(received.headers[name], value, `${what}, header ${name}`);
	const text = received.body.toString();
	if (expected.form !== undefined) same(formOf(received), expected.form, `${what}, form`);
	if (expected.json !== undefined) same(JSON.parse(text), expected.json, `${what}, body`);
	if (typeof expected.text === "string") same(text, expected.text, `${what}, text of the body`);
	if (expected.text instanceof RegExp)
		ensure(expected.text.test(text), `${what}, text of the body does not match ${expected.text}: ${text}`);
	if (expected.form === undefined && expected.json === undefined && expected.text === undefined) same(text, "", `${what}, body`);
}

function sameHeader(received: string | undefined, expected: string | RegExp | null, what: string): void {
	if (expected instanceof RegExp) ensure(received !== undefined && expected.test(received), `${what} is ${received}`);
	else same(received ?? null, expected, what);
}

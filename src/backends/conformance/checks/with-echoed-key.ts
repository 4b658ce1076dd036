import { Buffer } from "node:buffer";
import type { UpstreamAnswer } from "../upstream.ts";

/** Members of bodies that describe an error. */
const DESCRIPTIONS = /"(?:message|detail|details|error|reason|status|type|code|param)"\s*:\s*"/g;

/** Returns answers in which the upstream repeats the key: in a description, in its headers, and in a body without a form. */
export function withEchoedKey(answer: UpstreamAnswer, key: string): readonly UpstreamAnswer[] {
	const echo = `your key is ${key}, sent as Bearer ${key}`;
	const body = Buffer.from(answer.body).toString();
	const headers = { ...answer.headers, "x-request-id": echo, "request-id": key };
	const described = [echo, key].map((text) => body.replaceAll(DESCRIPTIONS, (member) => `${member}${text} `));
	return [...described, echo, `<html>${echo}</html>`, `{"error":"${echo}`, `data: ${echo}\n\n`].map((text) => ({
		...answer,
		headers,
		body: Buffer.from(text),
	}));
}

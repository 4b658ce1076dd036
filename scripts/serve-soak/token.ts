import { randomUUID } from "node:crypto";

/** Pieces of an answer: chunks of a stream. */
export const PIECES = 20;

/** Text of a request for an answer of several megabytes. */
export const LONG = "a long answer, please";

const TOKEN = /token-[0-9a-f-]{36}/;

/** Returns a text that no other request has. */
export function newToken(): string {
	return `token-${randomUUID()}`;
}

/** Returns the token in the text of a request. */
export function tokenIn(text: string): string {
	return TOKEN.exec(text)?.[0] ?? "";
}

/** Returns the pieces of the answer to a request. Each has the token and its number, so that a piece that is lost, doubled or another's shows. */
export function answerPieces(token: string): string[] {
	return Array.from({ length: PIECES }, (_, index) => `${token}#${index} `);
}

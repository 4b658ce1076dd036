import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";

/** A step of a guide: a file to write, or commands to run. */
export type GuideStep = { readonly file: string; readonly text: string } | { readonly commands: string };

/** Returns the steps of a guide in Markdown: blocks below a line with the name of a file, and blocks of commands. */
export function guideSteps(markdown: string): GuideStep[] {
	const blocks = markdown.matchAll(/(?:^`([\w./-]+)`:\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm);
	return [...blocks].flatMap(([, file, language, text = ""]): GuideStep[] => {
		if (file !== undefined) return [{ file, text }];
		return language === "sh" ? [{ commands: text }] : [];
	});
}

/**
 * Follows a guide in a folder: writes its files and runs its commands, as they are.
 *
 * @param skip Matches commands that the caller has carried out already, such as installations from the network.
 * @returns The output of each block of commands.
 * @throws The error of a command that fails.
 */
export function followGuide(path: string, folder: string, skip: RegExp): string[] {
	return guideSteps(readFileSync(path, "utf8")).flatMap((step) => {
		if ("file" in step) {
			mkdirSync(dirname(join(folder, step.file)), { recursive: true });
			writeFileSync(join(folder, step.file), step.text);
			return [];
		}
		const commands = step.commands
			.split("\n")
			.filter((line) => !skip.test(line))
			.join("\n");
		return [
			execFileSync("bash", ["-euc", commands], { cwd: folder, encoding: "utf8", env: process.env, stdio: ["ignore", "pipe", "inherit"] }),
		];
	});
}

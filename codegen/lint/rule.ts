/** The type of a lint rule: a function over the whole model that reports its findings. */
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Model, Span } from "../model/model.ts";

export type Report = (code: DiagnosticCode, span: Span, message: string, help?: string) => void;

export type Rule = (model: Model, report: Report) => void;

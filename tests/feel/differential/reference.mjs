// The JavaScript side of the differential test: reads one JSON value per line, answers with one.
//
// A question is {text, input?}: an expression, or unary tests where `input` (an expression too) is
// the tested value. {variables: {name: text}} sets the variables of all later questions;
// {knows: [name]} asks which names are built-in functions. Answers are tagged: see values.py.

import { createInterface } from 'node:readline';
import { evaluate, unaryTest } from '@bpmn-io/feelin';

let variables = {};

const isoDate = (at) => at.toFormat('yyyy-MM-dd');
const isoTime = (at) => at.toFormat('HH:mm:ss.SSS');

function zoneOf(at) {
  if (at.zone.type === 'system') return null;
  return at.zone.type === 'iana' ? at.zoneName : at.offset;
}

function moment(at) {
  if (!at.isValid) return ['odd', 'invalid moment'];
  // What the implementation itself takes for a time or for a date.
  if (at.year === 1900 && at.month === 1 && at.day === 1) return ['time', isoTime(at), zoneOf(at)];
  const isMidnight = at.toMillis() % 86400000 === 0;
  if (isMidnight && at.zone.type === 'fixed' && at.offset === 0) return ['date', isoDate(at)];
  return ['date and time', `${isoDate(at)}T${isoTime(at)}`, zoneOf(at)];
}

function duration(value) {
  if (!value.isValid) return ['odd', 'invalid duration'];
  const { years = 0, quarters = 0, months = 0, ...rest } = value.toObject();
  const month = years * 12 + quarters * 3 + months;
  const units = { weeks: 604800e3, days: 86400e3, hours: 3600e3, minutes: 60e3, seconds: 1e3 };
  const millis = Object.entries(rest).reduce((sum, [k, n]) => sum + n * (units[k] ?? 1), 0);
  const known = Object.keys(value.toObject());
  const isMonths = known.some((unit) => /years|quarters|months/.test(unit));
  if (isMonths && millis) return ['mixed duration', month, millis];
  if (isMonths && !Number.isInteger(month)) return ['mixed duration', month, 0];
  return isMonths ? ['months', month] : ['days', millis];
}

function encode(value) {
  if (value === undefined || value === null) return ['null'];
  if (typeof value === 'number') {
    return Number.isFinite(value) ? ['number', String(value)] : ['odd', String(value)];
  }
  if (typeof value === 'string') return ['string', value];
  if (typeof value === 'boolean') return ['boolean', value];
  if (value instanceof Boolean || value instanceof Number || value instanceof String) {
    return encode(value.valueOf());
  }
  if (Array.isArray(value)) return ['list', value.map(encode)];
  if (value.isLuxonDateTime) return moment(value);
  if (value.isLuxonDuration) return duration(value);
  if (typeof value === 'function' || value.constructor?.name === 'FunctionWrapper') {
    return ['function'];
  }
  if (value.constructor?.name === 'Range') {
    return ['range', encode(value.start), encode(value.end),
      value['start included'] === true, value['end included'] === true];
  }
  return ['context', Object.entries(value).map(([name, entry]) => [name, encode(entry)])];
}

function failure(error) {
  return ['error', error.constructor.name === 'SyntaxError' ? 'syntax' : error.message];
}

function isFunction(name) {
  try {
    return !evaluate(`${name}()`, {}).warnings.some(({ type }) => type.startsWith('NO_'));
  } catch (error) {
    return error.constructor.name !== 'SyntaxError';
  }
}

function answer(question) {
  if (question.variables) {
    variables = {};
    for (const [name, text] of Object.entries(question.variables)) {
      variables[name] = evaluate(text, {}).value;
    }
    return ['null'];
  }
  if (question.knows) {
    return question.knows.filter(isFunction);
  }
  try {
    if (question.input === undefined) return encode(evaluate(question.text, variables).value);
    const input = evaluate(question.input, variables).value;
    return encode(unaryTest(question.text, { ...variables, '?': input }).value);
  } catch (error) {
    return failure(error);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}

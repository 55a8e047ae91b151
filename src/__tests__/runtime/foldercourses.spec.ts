import type { ConsentRecord } from '../../identity/consentrecords';
import { ConsentRecords } from '../../identity/consentrecords';
import { hashFor } from '../../identity/personcode';
import { noticeHash } from '../../identity/terms';
import { FolderCourses } from '../../runtime/foldercourses';
import { JOHN, termsOf } from '../fakes';

const SCOPE = 'http://hub.example/|ann';

function start(storage: Storage | null = localStorage): FolderCourses {
  const records = new ConsentRecords(SCOPE, storage);
  return new FolderCourses({ scope: SCOPE, storage }, records);
}

beforeEach(() => localStorage.clear());

describe('FolderCourses', () => {
  it('gives a folder the same course on the next visit, and each folder its own', () => {
    const course = start().courseOf('biology');
    expect(course).toMatch(/^[0-9a-f]{16}$/);
    expect(start().courseOf('biology')).toBe(course);
    expect(start().courseOf('physics')).not.toBe(course);
  });

  it('gives the same folder another course in another browser, so that nobody can guess its name', () => {
    const course = start().courseOf('biology');
    expect(course).not.toBe(hashFor('course', 'biology').slice(0, 16));
    localStorage.clear();
    expect(start().courseOf('biology')).not.toBe(course);
  });

  it('has answers hold that were given under the hash of before', () => {
    const terms = termsOf();
    const record: ConsentRecord = {
      person: JOHN.id,
      course: hashFor('course', 'biology').slice(0, 16),
      notebook: 'lesson',
      answer: 'withdrawn',
      mode: terms.mode,
      noticeHash: noticeHash(terms),
      destination: terms.destination,
      captured: ['runs'],
      accepted: [terms.destination],
      at: 1,
      since: 0
    };
    const records = new ConsentRecords(SCOPE, localStorage);
    records.set(record, true);
    start().courseOf('physics');
    expect(records.of(JOHN.id, record.course)).toEqual(record);
    const course = start().courseOf('biology');
    expect(records.of(JOHN.id, course)).toEqual({ ...record, course });
    expect(records.all).toHaveLength(1);
    // An answer that was given since counts.
    const given: ConsentRecord = { ...record, course, answer: 'given' };
    records.set(given, true);
    records.set(record, true);
    start().courseOf('biology');
    expect(records.all).toEqual([given]);
  });

  it('lasts as long as the page where nothing can be stored', () => {
    const folders = start(null);
    expect(folders.courseOf('biology')).toBe(folders.courseOf('biology'));
  });
});

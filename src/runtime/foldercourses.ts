import type { ConsentRecords } from '../identity/consentrecords';
import {
  hashFor,
  makePersonCode,
  readPersonCode
} from '../identity/personcode';
import type { IMemory } from './memory';

/**
 * Names the courses of notebooks whose flag names none: by a hash of their folder,
 * with a random salt that stays in this browser. A folder's name may be guessed,
 * and from a hash without salt anybody could tell that the guess is right.
 */
export class FolderCourses {
  /** @param _records - answers that earlier versions kept under hashes without salt */
  constructor(
    memory: IMemory,
    private readonly _records: Pick<ConsentRecords, 'rename'>
  ) {
    this._salt = saltIn(memory);
  }

  /** The course of the notebooks in a folder. */
  courseOf(folder: string): string {
    const course = nameOf(`${this._salt} ${folder}`);
    this._records.rename(nameOf(folder), course);
    return course;
  }

  private readonly _salt: string;
}

function nameOf(text: string): string {
  return hashFor('course', text).slice(0, 16);
}

/** As random as a code; where nothing can be stored, the salt lasts as long as the page, as answers do. */
function saltIn({ scope, storage }: IMemory): string {
  const key = `ipynb-telemetry:folders:${scope}`;
  const salt = makePersonCode();
  try {
    const known = readPersonCode(storage?.getItem(key) ?? '');
    if (known !== null) {
      return known;
    }
    storage?.setItem(key, salt);
  } catch (reason) {
    console.warn('ipynb-telemetry: a salt could not be remembered', reason);
  }
  return salt;
}

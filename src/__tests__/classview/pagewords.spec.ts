import { wordsFor } from '../../classview/page/words';
import { directionOf } from '../../direction';

const runs = async (languages: string[], n: number): Promise<string> =>
  (await wordsFor(languages)).trans._n('tried, %1 run', 'tried, %1 runs', n);

it.each([
  [['de-CH', 'fr'], 'de', 'Jetzt', 'ltr'],
  [['it', 'fr-CA'], 'fr', 'Maintenant', 'ltr'],
  [['es'], 'es', 'Ahora', 'ltr'],
  [['ar-EG', 'en'], 'ar', 'الآن', 'rtl'],
  [['en-GB', 'de'], 'en', 'Now', 'ltr'],
  [['it'], 'en', 'Now', 'ltr'],
  [['__proto__'], 'en', 'Now', 'ltr'],
  [[], 'en', 'Now', 'ltr']
])('reads %s as %s', async (languages, language, now, direction) => {
  const words = await wordsFor(languages);
  expect(words.language).toBe(language);
  expect(words.trans.__('Now')).toBe(now);
  expect(directionOf(words.trans)).toBe(direction);
});

it('takes the plural form of the number', async () => {
  const arabic = [0, 1, 2, 3, 11, 100].map(n => runs(['ar'], n));
  expect(await Promise.all(arabic)).toEqual([
    'جُرّب دون تشغيل',
    'جُرّب، تشغيل واحد',
    'جُرّب، تشغيلان',
    'جُرّب، 3 تشغيلات',
    'جُرّب، 11 تشغيلًا',
    'جُرّب، 100 تشغيل'
  ]);
  const others = ['fr', 'de', 'en'].flatMap(language =>
    [0, 1, 2].map(n => runs([language], n))
  );
  expect(await Promise.all(others)).toEqual([
    'essayé, 0 exécution',
    'essayé, 1 exécution',
    'essayé, 2 exécutions',
    'versucht, 0 Läufe',
    'versucht, 1 Lauf',
    'versucht, 2 Läufe',
    'tried, 0 runs',
    'tried, 1 run',
    'tried, 2 runs'
  ]);
});

it('fills in what comes after the number', async () => {
  const { trans } = await wordsFor(['de']);
  expect(trans._n('%1 student, %2', '%1 students, %2', 3, 'try 1')).toBe(
    '3 Personen, try 1'
  );
  expect(trans.__('%1 h %2 min', 1, 20)).toBe('1 h 20 min');
  expect(trans.__('No such string %1', 1)).toBe('No such string 1');
});

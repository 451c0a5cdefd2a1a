"""Health care: diagnoses, procedures, drugs, specialties and insurance."""

from __future__ import annotations

from engine.rules.suggestions.vocabularies.vocabulary import composed, formed, listed

_DIAGNOSES = (
    "Essential hypertension:I10, Type 2 diabetes mellitus:E11.9, Asthma:J45.909, Low back pain:M54.5, "
    "Hyperlipidemia:E78.5, Major depressive disorder:F32.9, Acute bronchitis:J20.9, Urinary tract infection:N39.0, "
    "Gastroesophageal reflux:K21.9, Migraine:G43.909, Osteoarthritis of knee:M17.9, Anemia:D64.9, Atrial "
    "fibrillation:I48.91, Acute pharyngitis:J02.9, Anxiety disorder:F41.9, Obesity:E66.9, Hypothyroidism:E03.9, "
    "Chest pain:R07.9"
)
_PROCEDURES = (
    "Office visit:99213, Office visit long:99214, Electrocardiogram:93000, Blood count:85025, Metabolic panel:80053, "
    "Chest X-ray:71046, Venipuncture:36415, Physical therapy:97110, Colonoscopy:45378, Flu vaccine:90686, Emergency "
    "visit:99284, Urinalysis:81003"
)
_DRUGS = (
    "Lisinopril, Metformin, Atorvastatin, Amoxicillin, Amlodipine, Omeprazole, Levothyroxine, Albuterol, Ibuprofen, "
    "Sertraline, Losartan, Gabapentin, Simvastatin, Azithromycin, Prednisone, Insulin glargine"
)
HEALTH = (
    listed("a diagnosis",
           "diagnosis | diagnosis name | diagnosis description | condition name | condition | diagnosis desc | "
           "problem | primary diagnosis", _DIAGNOSES,
           tables="diagnosis condition claim encounter patient visit admission problem"),
    listed("an ICD-10 code",
           "icd | icd 10 | icd 10 code | icd10 code | diagnosis code | icd code | diag code | icd 10 cd | icd10 cd "
           "| dx code | condition source | principal diagnosis code | dx 1 | diagnosis cd", _DIAGNOSES),
    listed("a procedure", "procedure name | procedure description | procedure | procedure desc", _PROCEDURES,
           tables="procedure claim encounter patient visit surgery"),
    listed("a procedure code",
           "cpt | cpt code | cpt cd | procedure code | procedure cd | hcpcs | hcpcs code | proc code | cpt 4",
           _PROCEDURES),
    formed("a group of diagnoses", "drg | drg code | drg cd | ms drg", "###"),
    listed("a drug",
           "drug name | drug | medication | medication name | medicine | generic name | product name drug | "
           "medication description | drug source", _DRUGS),
    formed("a drug code", "ndc | ndc code | ndc 11 | ndc11 | ndc cd", "#####-####-##", "###########"),
    listed("a way to give a drug", "route | route of administration | administration route | route source",
           "oral, intravenous, topical, inhaled, subcutaneous, intramuscular",
           tables="drug medication exposure prescription administration dose order"),
    listed("a direction for a drug", "sig | dosage instructions | directions | dosage text",
           "Take one tablet by mouth daily, Take one tablet twice a day, Take two tablets at bedtime, Apply to the "
           "skin as needed, Inhale two puffs every six hours, Take with food three times a day"),
    listed("a specialty",
           "specialty | speciality | specialty source | specialty description | specialty desc | specialty name | "
           "provider specialty | medical specialty",
           "Family Medicine, Internal Medicine, Pediatrics, Cardiology, Orthopedics, Dermatology, Neurology, "
           "Radiology, Emergency Medicine, Psychiatry, Obstetrics"),
    formed("a taxonomy code", "taxonomy code | taxonomy cd | taxonomy", "20#?00000X", "207?"),
    formed("a provider number", "npi | npi number | provider npi | pcp npi", "1#########", "1####"),
    listed("a credential", "credential | credentials", "MD, DO, NP, PA, RN, DDS, PhD"),
    formed("a medical record number", "mrn | medical record number | patient number | chart number", "MRN#######",
           "#######", "#####"),
    listed("a kind of payer", "insurance | insurance name | payer source | payer type | insurance type",
           "Private, Medicare, Medicaid, Self pay, Other", tables="admission patient payer visit encounter period"),
    listed("a unit of a hospital",
           "careunit | care unit | ward | nursing unit | ward name | first careunit | last careunit",
           "Medicine, Surgery, Medical ICU, Surgical ICU, Cardiology, Emergency Department, Neurology, Oncology"),
    listed("a frequency of a drug", "frequency | dosing frequency | dose frequency",
           "once daily, twice daily, three times daily, every 6 hours, as needed, weekly",
           tables="pharmacy prescription medication drug administration"),
    listed("a body fluid", "fluid | specimen type | body fluid | sample type", "Blood, Urine, Serum, Plasma, Saliva",
           tables="lab laboratory labitem specimen microbiology"),
    listed("a blood type", "blood type | blood group", "O+, A+, B+, O-, AB+, A-, B-, AB-"),
    listed("a place of service",
           "place of service | place of service source | pos | pos code | place of service code | service location",
           "Office:11, Inpatient Hospital:21, Outpatient Hospital:22, Emergency Room:23, Telehealth:02, Home:12",
           tables="care claim visit service encounter line provider"),
    listed("a way of admission", "admitted from | admit source | admission source | admitted from source",
           "Home, Emergency room, Transfer from hospital, Nursing facility, Physician referral"),
    listed("a way of discharge", "discharged to | discharge disposition | discharged to source | discharge status",
           "Home, Home health care, Skilled nursing facility, Another hospital, Hospice, Left against advice"),
    listed("a type of visit",
           "visit type | encounter type | encounter class | visit class | appointment type | patient class",
           "Outpatient, Inpatient, Emergency, Telehealth, Observation",
           tables="visit encounter patient admission appointment clinical health"),
    listed("a reason to stop", "stop reason | discontinuation reason | reason stopped",
           "Completed, Side effects, No effect, Patient choice, Replaced"),
    composed("the name of a site of care", "care site name | hospital name | clinic name | facility name",
             "Saint Mary, Mercy, Riverside, Lakeview, Northside, Good Samaritan, Cedar Grove, Valley",
             "Hospital, Medical Center, Clinic, Health Center",
             tables="care hospital clinic health facility provider patient"),
    listed("a concept", "concept name", _DIAGNOSES),
    listed("a kind of claim", "claim type | claim type code", "Professional:P, Institutional:I, Pharmacy:R, Dental:D",
           tables="claim header medical healthcare"),
    listed("a kind of insurance", "plan type | plan type code", "PPO:PPO, HMO:HMO, EPO:EPO, POS:POS, HDHP:HDHP",
           tables="plan member enrollment health benefit coverage"),
    listed("a plan of insurance", "plan name",
           "Silver PPO 2500, Gold PPO 1000, Bronze HMO 6000, Gold HMO 500, Silver EPO 3000, Platinum PPO 250",
           tables="plan member health benefit coverage claims"),
    listed("a level of metal", "metal level | metal tier", "Silver, Bronze, Gold, Platinum"),
    listed("a brand or generic", "brand generic | brand generic code | brand generic indicator", "Generic:G, Brand:B"),
    listed("a reason of denial",
           "denial reason | denial reason code | denial code | reject reason | denial description",
           "Not covered:CO-96, Duplicate claim:CO-18, Missing information:CO-16, Not authorized:CO-197, Past filing "
           "limit:CO-29"),
    listed("a modifier", "modifier | modifier code | procedure modifier", "25, 59, LT, RT, 26, TC, 50"),
    formed("a code of revenue", "revenue code | rev code | revenue cd", "0###", tables="claim line bill"),
    listed("a kind of entity", "entity type | entity type code", "Individual:1, Organization:2",
           tables="provider npi"),
    listed("a cause of loss", "cause of loss | loss cause | loss type | peril | claim cause | cause | cause loss",
           "Collision, Water damage, Theft, Fire, Hail, Storm, Liability, Glass",
           tables="claim loss insurance policy damage"),
    listed("a product of insurance",
           "product name | product | line of business | lob | coverage | coverage name | coverage type | policy "
           "type | insurance type | product code",
           "Auto Insurance:AUTO, Home Insurance:HOME, Term Life:LIFE, Travel Insurance:TRVL, Health Insurance:HLTH, "
           "Liability:LIAB", tables="policy insurance claim coverage premium insured underwriting"),
)  # fmt: skip
"""The vocabularies of health care and insurance."""

"""People, work, schools and support."""

from __future__ import annotations

from engine.rules.suggestions.vocabularies.vocabulary import composed, formed, listed

PEOPLE = (
    listed("a sex", "sex | gender | gender source | gender identity | sex at birth", "Female:F, Male:M, Other:O"),
    listed("a salutation", "salutation | title of courtesy | name title | honorific | name prefix",
           "Mr.:Mr, Ms.:Ms, Mrs.:Mrs, Dr.:Dr"),
    listed("a marital status", "marital status | marital", "married:M, single:S, divorced:D, widowed:W"),
    listed("a job title",
           "title | job title | position title | job name | position name | current title | job position",
           "Account Executive, Software Engineer, Sales Manager, Marketing Specialist, Data Analyst, Product "
           "Manager, Customer Success Manager, Operations Manager, Accountant, Office Manager, HR Business Partner, "
           "Project Manager, Director of Sales, Financial Analyst, Support Engineer, VP of Marketing",
           tables="user contact employee lead person staff worker job position hr people applicant candidate member"),
    listed("an education", "education | education level | education status | highest degree | degree level | degree",
           "Bachelor's degree:BA, High school:HS, Some college:SC, Master's degree:MA, Associate degree:AA, "
           "Doctorate:PHD"),
    listed("a department",
           "department name | department | dept name | dept | division | business unit | division name",
           "Sales:SAL, Engineering:ENG, Operations:OPS, Marketing:MKT, Customer Support:CS, Finance:FIN, Human "
           "Resources:HR, Legal:LEG, Procurement:PRC, IT:IT, Research:RND"),
    listed("a department of a university",
           "department name | department | dept name | dept | faculty name | faculty | school name | college name",
           "Computer Science:CS, Mathematics:MATH, Biology:BIO, History:HIST, Economics:ECON, Physics:PHYS, "
           "Psychology:PSYC, English:ENGL, Chemistry:CHEM, Political Science:POLS",
           tables="university student course academic faculty enrollment instructor subject degree college school"),
    listed("a cost center", "cost center name | cost centre name | cost center description",
           "Sales North, Sales South, Product Development, Corporate IT, Payroll, Facilities, Logistics, Marketing, "
           "Customer Care, Quality, Procurement"),
    formed("a cost center", "cost center | cost centre | cost center code | cost centre code | kostl", "CC-####",
           "C####"),
    listed("a type of employment", "employment type | employment status type | contract type | worker type",
           "Full-time:FULL_TIME, Part-time:PART_TIME, Contractor:CONTRACT, Temporary:TEMP, Intern:INTERN",
           tables="employee worker hr staff job position employment person assignment"),
    listed("a type of leave", "leave type | absence type | absence reason",
           "annual:ANN, sick:SCK, parental:PAR, unpaid:UNP, study:STU, personal:PER"),
    listed("a shift", "shift | shift name | shift code", "Morning:M, Afternoon:A, Night:N"),
    listed("a role", "role | role name | user role | member role | role code",
           "member:MEM, admin:ADM, owner:OWN, viewer:VIEW, editor:EDIT"),
    listed("a role in a deal", "role", "Decision Maker, Influencer, Economic Buyer, Evaluator, Executive Sponsor",
           tables="opportunity deal contactrole"),
    listed("a band of ages", "age band | age group | age range | age bracket",
           "25-34, 35-44, 18-24, 45-54, 55-64, 65+"),
    listed("a race", "race | race source | race name",
           "White, Black or African American, Asian, American Indian, Native Hawaiian, Other"),
    listed("an ethnicity", "ethnicity | ethnicity source | ethnic group",
           "Not Hispanic or Latino, Hispanic or Latino"),
    listed("an industry", "industry | industry name | sector industry",
           "Software, Healthcare, Retail, Manufacturing, Banking, Insurance, Education, Construction, Energy, "
           "Transportation, Hospitality, Media, Telecommunications, Real Estate, Agriculture"),
    listed("a stage of a deal", "stage name | stage | deal stage | opportunity stage | pipeline stage",
           "Prospecting, Qualification, Proposal, Negotiation, Closed Won, Closed Lost",
           tables="opportunity deal lead pipeline crm sales"),
    listed("a forecast category", "forecast category | forecast category name",
           "Pipeline, Best Case, Commit, Omitted, Closed"),
    listed("a source of leads", "lead source | lead source detail | original source",
           "Web, Referral, Trade Show, Partner, Cold Call, Advertisement, Event"),
    listed("a type of account", "account type | customer type | client type | type",
           "Customer, Prospect, Partner, Reseller, Competitor", tables="account crm"),
    listed("a rating of a lead", "rating", "Hot, Warm, Cold", tables="account lead opportunity"),
    listed("a relationship", "relationship | relation | relationship type | relationship to insured | kinship",
           "Self:18, Spouse:01, Child:19, Other:G8"),
    listed("a term", "term name | semester | term | academic term | semester name",
           "Fall 2023, Spring 2024, Summer 2024, Fall 2024, Spring 2023, Summer 2023",
           tables="term semester university course academic enrollment section"),
    formed("a code of a term", "term code | term cd", "20####",
           tables="term semester university course academic section"),
    formed("a course", "course code | course no | course cd | module code", "????###", "??###", "?###"),
    composed("the title of a course", "course title | course name | module name | module title | class name",
             "Introduction to, Advanced, Principles of, Topics in, Foundations of, Applied, Modern",
             "Statistics, Biology, Economics, Chemistry, Algebra, Literature, Psychology, Physics, History, Data "
             "Science, Marketing, Philosophy, Programming",
             tables="course class module catalog subject section university"),
    listed("the days of a class", "meeting days | days of week | class days", "MWF, TR, MW, F, TTh"),
    listed("a grade", "letter grade | final grade | grade letter | grade", "B, A, A-, B+, C, B-, C+, D, F",
           tables="student grade enrollment course university school academic"),
    listed("a level of students", "class level | student level | year level | academic level",
           "Freshman:FR, Sophomore:SO, Junior:JR, Senior:SR, Graduate:GR"),
    listed("a degree", "degree | degree type | degree code | award", "BA, BSc, MA, MSc, PhD, MBA",
           tables="degree program student university"),
    listed("a mode of teaching", "delivery mode | instruction mode | teaching mode", "in_person, online, hybrid"),
    listed("a building", "building | building name | campus building",
           "Main Hall, Science Center, Library, Arts Building, Engineering Hall, North Wing, Business School, Annex"),
    formed("a room", "room | room number | room no | office | classroom | room code", "###", "##"),
    formed("a student or staff number",
           "student number | student no | student nbr | employee number | employee no | staff no | emp no | "
           "employee nk | personnel number | badge number | badge no | employee bk", "E######", "#####"),
    listed("a severity",
           "severity | severity level | alert severity | impact | urgency | risk level | risk rating | risk band | "
           "hazard level | risk", "low:L, medium:M, high:H, critical:C"),
    listed("a priority", "priority", "Medium:P3, High:P2, Low:P4, Urgent:P1",
           tables="ticket case incident task issue work"),
    listed("a subject of a ticket", "subject | ticket subject | issue title | case subject | summary | ticket title",
           "Cannot log in, Refund request, App crashes on start, Question about my invoice, Change of address, "
           "Password reset does not work, Wrong item delivered, Feature request, Payment was declined, Slow "
           "loading, How do I export data, Cancel my account",
           tables="ticket case incident issue support conversation helpdesk"),
    listed("a type of ticket", "ticket type | case type | issue type | request type | ticket category | case category",
           "question:Q, problem:P, incident:I, task:T, feature_request:F"),
    listed("a type of author", "author type | sender type | actor type | user type", "customer:C, agent:A, system:S"),
    listed("an outcome of a call", "disposition | call outcome | call result",
           "answered, voicemail, no_answer, busy, wrong_number"),
    listed("a note", "comment | comments | customer comment | review text | feedback text | feedback | review body",
           "Great service and fast delivery, Exactly as described, Arrived later than promised, Good value for the "
           "price, The packaging was damaged, Would buy again, Not what I expected, Friendly and helpful staff, "
           "Everything was fine, Missing one item, Excellent quality, Please leave at the door",
           tables="review delivery feedback survey rating restaurant hotel"),
    listed("a name", "preferred name", "Alex, Sam, Chris, Jo, Max, Charlie, Robin, Kim, Pat, Lee, Jamie, Casey"),
)  # fmt: skip
"""The vocabularies of people and work."""

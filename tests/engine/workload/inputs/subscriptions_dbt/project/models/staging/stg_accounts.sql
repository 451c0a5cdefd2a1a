with source as (

    select * from {{ source('billing', 'accounts') }}

),

renamed as (

    select
        id as account_id,
        trim(account_name) as account_name,
        upper(billing_country) as country_code,
        case
            when industry in ('Hospital & Health Care', 'Medical Devices') then 'Healthcare'
            when industry ilike '%bank%' or industry = 'Insurance' then 'Financial services'
            else coalesce(industry, 'Unknown')
        end as industry_group,
        split_part(owner_email, '@', 2) as owner_domain,
        created_at::date as created_on
    from source
    where not coalesce(_fivetran_deleted, false)
      and not coalesce(is_test, false)
      and account_name not ilike 'zz_test%'

)

select * from renamed
